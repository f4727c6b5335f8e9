"""Answers whose parts are all allowed, and together larger than one message."""

from typing import Any

import pytest

from builders import NAMESPACE
from contract.state.requests import (
    a_cancel,
    a_claim,
    a_creation,
    a_move,
    a_renewal,
    an_append,
    called,
    fresh,
    moved,
    some_logs,
)
from contract.state.site import Site
from penstock.api.state.v1 import (
    flow_run_service_pb2,
    lease_service_pb2,
    log_service_pb2,
    task_run_service_pb2,
    transition_service_pb2,
)
from penstock.api.type.v1 import payload_pb2, view_pb2
from penstock.errors import InvalidArgument
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio

LONGEST_MESSAGE = 4 * 1024 * 1024
LARGEST_PAYLOAD = {"content_type": "application/json", "inline": b" " * 65_000}
# The contract counts characters, the wire bytes.
WIDE = "\N{SLICE OF PIZZA}"
LARGEST_RUN = {
    "parameters": {f"p{n}": LARGEST_PAYLOAD for n in range(8)},
    "tags": [f"{n:03}{WIDE * 197}" for n in range(100)],
}


async def all_pages(call: Any, request: Any, field: str) -> list[Any]:
    found: list[Any] = []
    while True:
        page = await call(request)
        assert page.ByteSize() < LONGEST_MESSAGE
        found += getattr(page, field)
        request.page_token = page.next_page_token
        if not request.page_token:
            return found


async def test_a_claim_hands_out_what_one_answer_holds(site: Site) -> None:
    made = [(await site.a_run(**LARGEST_RUN)).id for _ in range(12)]
    session_id, handed_out, answers = await site.a_session(), [], 0
    while claimed := (await site.leases.Claim(a_claim(session_id, limit=100))).claimed:
        handed_out += [it.flow_run.id for it in claimed]
        answers += 1
    assert (handed_out, answers) == (made, 3)


@pytest.mark.parametrize("view", [view_pb2.VIEW_BASIC, view_pb2.VIEW_FULL])
async def test_the_largest_runs_are_listed_in_pages(site: Site, view: Any) -> None:
    made = [(await site.a_run(**LARGEST_RUN)).id for _ in range(45)]
    request = flow_run_service_pb2.ListFlowRunsRequest(
        namespace=NAMESPACE, page_size=200, view=view
    )
    found = await all_pages(site.flow_runs.ListFlowRuns, request, "flow_runs")
    assert [it.id for it in found] == made[::-1]


async def test_a_long_history_comes_in_pages(site: Site) -> None:
    lease = await site.a_running_run()
    for _ in range(70):
        for to in ("PAUSED", "RUNNING"):
            request = a_move(lease.run.flow_run_id, to, lease=lease.lease_ref)
            request.to_state.message = WIDE * 16_000
            await site.transitions.TransitionFlowRun(request)
    listed = transition_service_pb2.ListFlowRunTransitionsRequest(
        namespace=NAMESPACE, flow_run_id=lease.run.flow_run_id, page_size=200
    )
    found = await all_pages(site.transitions.ListFlowRunTransitions, listed, "transitions")
    assert [it.revision for it in found] == list(range(1, 143))


async def test_task_runs_with_long_messages_are_listed_in_pages(site: Site) -> None:
    lease = await site.a_running_run()
    made, first = [fresh() for _ in range(90)], 1
    for task_run_id in made:
        end = moved(task_run_id, "FAILED")
        end.moved.state.message = WIDE * 16_000
        await site.journal.AppendJournal(
            an_append(lease, called(task_run_id), end, first=first)
        )
        first += 2
    request = task_run_service_pb2.ListTaskRunsRequest(
        namespace=NAMESPACE, flow_run_id=lease.run.flow_run_id, page_size=200
    )
    found = await all_pages(site.task_runs.ListTaskRuns, request, "task_runs")
    assert [it.id for it in found] == made


async def test_the_longest_log_lines_are_listed_in_pages(site: Site) -> None:
    lease = await site.a_running_run()
    for first in range(1, 90, 45):
        request = some_logs(lease, *range(first, first + 45))
        for line in request.lines:
            line.message = "x" * 65_536
        await site.logs.AppendLogs(request)
    listed = log_service_pb2.ListLogsRequest(namespace=NAMESPACE, run=lease.run, page_size=1000)
    found = await all_pages(site.logs.ListLogs, listed, "lines")
    assert [it.offset for it in found] == list(range(1, 91))


async def test_many_long_messages_of_cancels_are_told_in_one_answer(site: Site) -> None:
    session_id = await site.a_session()
    leases = [await site.a_claimed_run(session_id) for _ in range(80)]
    for lease in leases:
        cancel = a_cancel(lease.run.flow_run_id)
        cancel.message = WIDE * 16_384
        await site.flow_runs.CancelFlowRun(cancel)
    renewed = await site.leases.Renew(
        a_renewal(session_id, *((it.lease_ref, "RUNNING") for it in leases))
    )
    assert renewed.ByteSize() < LONGEST_MESSAGE
    assert all(it.message.startswith(WIDE) for it in renewed.verdicts)
    outcomes = [
        lease_service_pb2.LeaseOutcome(
            lease=it.lease_ref, cancelled=lease_service_pb2.LeaseCancelled()
        )
        for it in leases
    ]
    completed = await site.leases.Complete(
        lease_service_pb2.CompleteRequest(namespace=NAMESPACE, outcomes=outcomes)
    )
    assert completed.ByteSize() < LONGEST_MESSAGE
    assert not any(it.lost for it in completed.results)


async def test_what_is_kept_of_a_request_is_bounded_as_a_whole(site: Site) -> None:
    pointed = payload_pb2.Payload(
        content_type="application/json", inline=b"1", integer_pointers=["/" + "x" * 900] * 200
    )
    wide = payload_pb2.Payload(
        content_type="application/json", inline=b"1", integer_pointers=["/" + "x" * 900] * 130
    )
    for parameters, field in (
        ({"a": pointed}, 'spec.parameters["a"]'),
        ({f"p{number}": wide for number in range(9)}, "spec"),
    ):
        with pytest.raises(InvalidArgument) as refused, named_errors():
            await site.flow_runs.CreateFlowRun(a_creation(parameters=parameters))
        assert [it.field for it in refused.value.violations] == [field]
