"""No time gets into a store that cannot be read again, checked by the contract or not."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from builders import NAMESPACE
from contract.state.requests import (
    a_claim,
    a_creation,
    a_failure,
    a_move,
    a_retry_policy,
    an_append,
    an_ending,
    called,
    fresh,
    some_logs,
)
from contract.state.site import Site
from penstock.api.state.v1 import flow_run_service_pb2 as pb
from penstock.api.state.v1.flow_run_filter_pb2 import FlowRunFilter
from penstock.api.type.v1.lease_pb2 import Lease, LeaseRef
from penstock.api.type.v1.time_range_pb2 import TimeRange
from penstock.errors import InvalidArgument
from penstock.wire_errors import named_errors
from penstockd.chassis.wire.times import LONGEST
from penstockd.database.kinds import INTO_POSTGRESQL, INTO_SQLITE

pytestmark = pytest.mark.asyncio

# What Go's zero time is, the year that Python ends with, and what is no time at all.
NO_TIMES = [
    Timestamp(seconds=-62_135_596_800),
    Timestamp(seconds=-1),
    Timestamp(seconds=253_370_764_800),
    Timestamp(seconds=253_402_300_799),
    Timestamp(seconds=(1 << 63) - 1, nanos=(1 << 31) - 1),
    Timestamp(seconds=1, nanos=-1),
]
NO_DELAYS = [
    Duration(seconds=-1),
    Duration(nanos=-1),
    Duration(seconds=366 * 86_400 + 1),
    Duration(seconds=(1 << 63) - 1),
    Duration(seconds=-(1 << 63)),
]
LEASE = LeaseRef(lease_id=fresh(), fence=1)


def a_list(**span: Timestamp) -> pb.ListFlowRunsRequest:
    filter_ = FlowRunFilter(create_time=TimeRange(**span))
    return pb.ListFlowRunsRequest(namespace=NAMESPACE, filter=filter_)


def lines(lease: Lease, time: Timestamp) -> Any:
    request = some_logs(lease, 1)
    request.lines[0].time.CopyFrom(time)
    return request


def entries(lease: Lease, time: Timestamp) -> Any:
    entry = called(fresh())
    entry.time.CopyFrom(time)
    return an_append(lease, entry)


def a_failed_move(lease: Lease, delay: Duration) -> Any:
    request = a_move(lease.run.flow_run_id, "FAILED", lease=LEASE, failure=a_failure())
    request.failure.retry_after.CopyFrom(delay)
    return request


def a_retried_run(delay: Duration) -> Any:
    request = a_creation(retry_policy=a_retry_policy())
    request.spec.retry_policy.retry_delays.add().CopyFrom(delay)
    return request


def a_hand_back(delay: Duration) -> Any:
    request = an_ending(LEASE, "given_back")
    request.outcomes[0].given_back.delay.CopyFrom(delay)
    return request


def a_count(bucket: Duration) -> Any:
    by_start: Any = 7
    return pb.CountFlowRunsRequest(namespace=NAMESPACE, group_by=[by_start], bucket=bucket)


TIMES: dict[str, Callable[[Site, Lease, Timestamp], tuple[Any, Any]]] = {
    "expected_start_time": lambda site, _, time: (
        site.flow_runs.CreateFlowRun,
        a_creation(expected_start_time=time),
    ),
    "create_time.start": lambda site, _, time: (
        site.flow_runs.ListFlowRuns,
        a_list(start=time),
    ),
    "create_time.end": lambda site, _, time: (site.flow_runs.ListFlowRuns, a_list(end=time)),
    "lines": lambda site, lease, time: (site.logs.AppendLogs, lines(lease, time)),
    "entries": lambda site, lease, time: (site.journal.AppendJournal, entries(lease, time)),
}
DELAYS: dict[str, Callable[[Site, Lease, Duration], tuple[Any, Any]]] = {
    "retry_delays": lambda site, _, delay: (
        site.flow_runs.CreateFlowRun,
        a_retried_run(delay),
    ),
    "retry_after": lambda site, lease, delay: (
        site.transitions.TransitionFlowRun,
        a_failed_move(lease, delay),
    ),
    "delay": lambda site, _, delay: (site.leases.Complete, a_hand_back(delay)),
    "bucket": lambda site, _, delay: (site.flow_runs.CountFlowRuns, a_count(delay)),
}


@pytest.mark.parametrize("field", TIMES)
async def test_a_time_beyond_the_window_is_refused(
    site: Site, embedded: Site, field: str
) -> None:
    lease = await site.a_running_run()
    for time in NO_TIMES:
        for place in (site, embedded):
            call, request = TIMES[field](place, lease, time)
            await refused(call, request, field)


@pytest.mark.parametrize("field", DELAYS)
async def test_a_delay_beyond_its_bounds_is_refused(
    site: Site, embedded: Site, field: str
) -> None:
    lease = await site.a_running_run()
    for delay in NO_DELAYS:
        for place in (site, embedded):
            call, request = DELAYS[field](place, lease, delay)
            await refused(call, request, field)


async def test_the_edges_of_the_window_come_back_as_they_went(site: Site) -> None:
    for time in (Timestamp(), Timestamp(seconds=253_370_764_799, nanos=999_999_000)):
        run = await site.a_run(expected_start_time=time)
        assert (await site.run(run.id)).expected_start_time == time


async def test_a_run_that_is_due_in_a_thousand_years_is_due_in_a_hundred(site: Site) -> None:
    await site.a_run(expected_start_time=Timestamp(seconds=253_370_764_799))
    answer = await site.leases.Claim(a_claim(await site.a_session()))
    assert answer.next_due.ToTimedelta() == LONGEST


@pytest.mark.parametrize("time", [datetime.min, datetime.max, datetime(1969, 12, 31)])  # noqa: DTZ001, DTZ901
async def test_no_store_takes_what_it_cannot_give_back(time: datetime) -> None:
    for into in (INTO_SQLITE, INTO_POSTGRESQL):
        with pytest.raises(ValueError, match="outside the times that can be stored"):
            into["time"](time.replace(tzinfo=UTC))


async def refused(call: Any, request: Any, field: str) -> None:
    with pytest.raises(InvalidArgument) as told, named_errors():
        await call(request)
    assert field in told.value.violations[0].field, request
