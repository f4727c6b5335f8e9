"""What the runs of a deployment are: what is decided by, and the rest as it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from penstockd.chassis.payload import Payload
from penstockd.scheduler.rules.refused import Refused

MOST_TAGS = 100
MOST_LABELS = 100
DEFAULT_QUEUE = "default"

Parameters = Mapping[str, Payload]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """`content` is a message that nobody reads here: it is all that stands beside it.

    `parameters` are empty where they were not asked for.
    """

    flow_name: str
    work_pool: str
    work_queue: str
    tags: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=dict)
    content: bytes = b""


def for_one_run(
    spec: RunSpec,
    *,
    parameters: Parameters,
    tags: tuple[str, ...],
    labels: Mapping[str, str],
) -> RunSpec | Refused:
    """Return the spec with what somebody asks beside it; the parameters are merged already."""
    all_tags = tuple(dict.fromkeys((*spec.tags, *tags)))
    all_labels = {**spec.labels, **labels}
    for name, found, most in (
        ("tags", len(all_tags), MOST_TAGS),
        ("labels", len(all_labels), MOST_LABELS),
    ):
        if found > most:
            message = (
                f"together with those of the deployment there are {found} {name}, but at "
                f"most {most} are allowed"
            )
            return Refused(field=name, message=message)
    return replace(spec, parameters=parameters, tags=all_tags, labels=all_labels)
