"""What a run was asked to be: what is decided and filtered by, and the rest as it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

DEFAULT_QUEUE = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """`retry_on` and `no_retry_on` name types of errors; no `retry_on` means all of them."""

    max_retries: int = 0
    retry_delays: tuple[timedelta, ...] = ()
    jitter_factor: float = 0.0
    retry_on: tuple[str, ...] = ()
    no_retry_on: tuple[str, ...] = ()

    def delay(self, retry: int) -> timedelta:
        """Return how long to wait before a retry, from 1; the last delay repeats."""
        if not self.retry_delays:
            return timedelta(0)
        return self.retry_delays[min(retry, len(self.retry_delays)) - 1]


NO_RETRIES = RetryPolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """`content` and `parameters` are messages that nobody reads here.

    One after the other they are the whole specification. Parameters may be large, and are
    empty where they were not asked for. `program` is the key by which workers are matched:
    "python", "command", or "handler:NAME"; empty for a script's run.
    """

    flow_name: str
    tags: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    work_pool: str = ""
    work_queue: str = ""
    program: str = ""
    retry_policy: RetryPolicy = NO_RETRIES
    content: bytes = b""
    parameters: bytes = b""


def queue_of(work_pool: str, work_queue: str) -> str:
    """Return the queue in which a run waits: a pool always has the default one."""
    return work_queue or DEFAULT_QUEUE if work_pool else work_queue
