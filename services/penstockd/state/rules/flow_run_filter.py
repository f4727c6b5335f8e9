"""Which flow runs somebody asks for. The store's queries follow it to the letter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from penstockd.state.rules.flow_run import FlowRun
from penstockd.state.rules.state import StateType


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRange:
    """From `start` to before `end`; a side that is None is open."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, time: datetime | None) -> bool:
        """Whether it happened, and in this span."""
        if time is None or (self.start is not None and time < self.start):
            return False
        return self.end is None or time < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFilter:
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def matches(self, tags: tuple[str, ...]) -> bool:
        has = set(tags)
        if not has.issuperset(self.all) or not has.isdisjoint(self.none):
            return False
        return not self.any or not has.isdisjoint(self.any)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRunFilter:
    """Keeps the runs to which all that is set applies; of several values, any."""

    flow_run_ids: tuple[UUID, ...] = ()
    flow_names: tuple[str, ...] = ()
    deployment_ids: tuple[UUID, ...] = ()
    state_types: tuple[StateType, ...] = ()
    state_names: tuple[str, ...] = ()
    work_pools: tuple[str, ...] = ()
    work_queues: tuple[str, ...] = ()
    tags: TagFilter = field(default_factory=TagFilter)
    labels: Mapping[str, str] = field(default_factory=dict)
    name_contains: str = ""
    create_time: TimeRange | None = None
    expected_start_time: TimeRange | None = None
    start_time: TimeRange | None = None
    end_time: TimeRange | None = None
    parent_flow_run_ids: tuple[UUID, ...] = ()
    root_flow_run_ids: tuple[UUID, ...] = ()


EVERYTHING = FlowRunFilter()


def matches(run: FlowRun, wanted: FlowRunFilter) -> bool:
    """Whether a list with this filter has the run."""
    return (
        _among(run.id, wanted.flow_run_ids)
        and _among(run.deployment_id, wanted.deployment_ids)
        and _among(run.state.type, wanted.state_types)
        and _among(run.state.name, wanted.state_names)
        and _in_family(run, wanted)
        and _as_specified(run, wanted)
        and folded(wanted.name_contains) in folded(run.name)
        and _at(run.create_time, wanted.create_time)
        and _at(run.expected_start_time, wanted.expected_start_time)
        and _at(run.start_time, wanted.start_time)
        and _at(run.end_time, wanted.end_time)
    )


def folded(text: str) -> str:
    """Return text as it compares in any case of letters."""
    return text.casefold()


def _in_family(run: FlowRun, wanted: FlowRunFilter) -> bool:
    if not _among(run.parent_flow_run_id, wanted.parent_flow_run_ids):
        return False
    if not wanted.root_flow_run_ids:
        return True
    # A run is not under itself.
    below = run.parent_flow_run_id is not None
    return below and run.root_flow_run_id in wanted.root_flow_run_ids


def _as_specified(run: FlowRun, wanted: FlowRunFilter) -> bool:
    spec = run.spec
    return (
        _among(spec.flow_name, wanted.flow_names)
        and _among(spec.work_pool, wanted.work_pools)
        and _among(spec.work_queue, wanted.work_queues)
        and wanted.tags.matches(spec.tags)
        and wanted.labels.items() <= spec.labels.items()
    )


def _among(value: object, wanted: tuple[object, ...]) -> bool:
    return not wanted or value in wanted


def _at(time: datetime | None, wanted: TimeRange | None) -> bool:
    return wanted is None or wanted.holds(time)
