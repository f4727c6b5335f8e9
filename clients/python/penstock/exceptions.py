"""The errors that a user's program sees, under Prefect's names.

They share `PenstockError` with the errors of the contract in `penstock.errors`.
"""

from __future__ import annotations

from datetime import timedelta

from penstock.errors import PenstockError

__all__ = [
    "CancelledRun",
    "CommitFailed",
    "ConfigurationError",
    "CrashedRun",
    "EntrypointNotFound",
    "FailedRun",
    "FlowRunTimeoutError",
    "ForkedProcess",
    "MappingLengthMismatch",
    "MappingMissingIterable",
    "MissingContextError",
    "MissingResult",
    "NonRetryable",
    "ParameterBindError",
    "ParameterTypeError",
    "PenstockError",
    "ReservedArgumentError",
    "RetryAfter",
    "TaskRunTimeoutError",
    "TransactionRolledBack",
    "UnfinishedRun",
    "UnsupportedKeyword",
    "UpstreamFailed",
]

LONGEST_WAIT = timedelta(days=365)


class ParameterBindError(PenstockError, TypeError):
    """The call names a parameter that the function lacks, or leaves one out."""


class ParameterTypeError(PenstockError, TypeError):
    """An argument does not have the type that the flow's signature asks for."""


class EntrypointNotFound(PenstockError):
    """The code of the flow is not where it was when it was deployed: deploy it again."""


class ReservedArgumentError(PenstockError, TypeError):
    """The function has a parameter whose name the call itself needs: rename it."""


class UnsupportedKeyword(PenstockError, TypeError):
    """The keyword is not known, or not supported yet: leave it out."""


class MappingLengthMismatch(PenstockError, TypeError):
    """The lists given to `map` differ in length: make them equal, or wrap one in `unmapped`."""


class MappingMissingIterable(PenstockError, TypeError):
    """`map` was given no list to map over: give it one, or use `submit`."""


class MissingContextError(PenstockError, RuntimeError):
    """This works only inside a flow run or task run."""


class ConfigurationError(PenstockError):
    """Two settings contradict each other."""


class ForkedProcess(PenstockError, RuntimeError):
    """The process was forked from one that it cannot go on after: start it afresh instead."""


class MissingResult(PenstockError):
    """The run ended, but what it returned was not kept where this process can read it."""


class UnfinishedRun(PenstockError):
    """The run has not ended, so it has no result yet."""


class FailedRun(PenstockError):
    """The run ended FAILED without an exception of its own."""


class CrashedRun(PenstockError):
    """The process under the run was lost."""


class CancelledRun(PenstockError):
    """Somebody asked for the end of the run."""


class UpstreamFailed(PenstockError):
    """A task did not run, because one that it depends on did not complete."""


class TransactionRolledBack(PenstockError):
    """The transaction was undone, so nothing more can happen inside it."""


class CommitFailed(PenstockError):
    """A hook that was to commit a member of a transaction raised; that member was undone."""


class TaskRunTimeoutError(PenstockError, TimeoutError):
    """The task ran longer than its `timeout_seconds`."""


class FlowRunTimeoutError(PenstockError, TimeoutError):
    """The flow ran longer than its `timeout_seconds`."""


class NonRetryable(PenstockError):
    """Trying again would fail again: the run ends here, whatever retries it has left.

    Example:
        raise NonRetryable("the card was refused") from error
    """

    def __init__(self, message: str = "", /) -> None:
        super().__init__(message)


class RetryAfter(PenstockError):
    """Trying again helps only later: the next attempt, if one is left, comes after this time.

    Args:
        message: what went wrong.
        after: how long to wait, in seconds or as a timedelta, instead of the retry's own delay.
            A subclass may say it for all of its kind: `retry_after = timedelta(minutes=1)`.

    Raises:
        ValueError: the time is negative, or longer than a year.

    Example:
        raise RetryAfter("too many requests", after=30) from error
    """

    def __init__(self, message: str = "", /, *, after: float | timedelta | None = None) -> None:
        super().__init__(message)
        if after is not None:
            self.retry_after = _waiting_time(after)


def _waiting_time(after: float | timedelta) -> timedelta:
    try:
        wait = after if isinstance(after, timedelta) else timedelta(seconds=after)
    except (OverflowError, ValueError):
        wait = timedelta.max
    if not timedelta() <= wait <= LONGEST_WAIT:
        raise ValueError(f"after={after} must be from 0 seconds to {LONGEST_WAIT.days} days")
    return wait
