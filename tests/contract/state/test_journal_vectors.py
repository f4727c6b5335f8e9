"""The golden scripts of journals and logs hold over every transport and in every database."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict

from builders import NAMESPACE
from contract.state.site import Site
from penstock.api.state.v1 import journal_service_pb2, log_service_pb2
from penstock.api.state.v1.task_run_service_pb2 import GetTaskRunRequest
from penstock.api.type.v1 import lease_pb2
from penstock.errors import PenstockError
from penstock.wire_errors import named_errors
from unit.state.vector_values import cases

pytestmark = pytest.mark.asyncio
# Fences are counted from this one in the vectors.
FIRST_FENCE = 1


def for_owner(request: Any, lease: lease_pb2.Lease) -> Any:
    """Return the request for the run that replays a case."""
    fence = lease.lease_ref.fence + request.lease.fence - FIRST_FENCE
    request.run.CopyFrom(lease.run)
    request.lease.CopyFrom(lease.lease_ref)
    request.lease.fence = fence
    return request


async def answer_to(method: Callable[[Any], Awaitable[Any]], request: Any) -> Any:
    try:
        with named_errors():
            return {"response": MessageToDict(await method(request))}
    except PenstockError as error:
        told = {"code": error.code.name, "reason": error.reason, "metadata": error.metadata}
        return {"error": told}


def expected_of(call: dict[str, Any], answer: dict[str, Any]) -> Any:
    """Return what a vector says, which tells of an error's metadata only what is promised."""
    error = call.get("error")
    if error is None or "error" not in answer:
        return {name: call[name] for name in ("response", "error") if name in call}
    told = answer["error"]["metadata"]
    return {"error": error | {"metadata": told | error.get("metadata", {})}}


async def replay(
    case: dict[str, Any], lease: lease_pb2.Lease, method: Any, message: type[Any]
) -> None:
    for call in case["calls"]:
        request = for_owner(ParseDict(call["request"], message()), lease)
        answer = await answer_to(method, request)
        assert answer == expected_of(call, answer), case["name"]


async def test_a_journal_gives_the_golden_answers(site: Site) -> None:
    for case in cases("task_run_journal"):
        lease = await site.a_running_run()
        append = journal_service_pb2.AppendJournalRequest
        await replay(case, lease, site.journal.AppendJournal, append)
        if "taskRun" in case:
            task_run_id = case["taskRun"]["id"]
            found = await site.task_runs.GetTaskRun(
                GetTaskRunRequest(namespace=NAMESPACE, task_run_id=task_run_id)
            )
            expected = case["taskRun"] | {"flowRunId": lease.run.flow_run_id}
            assert MessageToDict(found.task_run) == expected, case["name"]


async def test_a_log_gives_the_golden_answers(site: Site) -> None:
    for case in cases("logs"):
        lease = await site.a_running_run()
        append = log_service_pb2.AppendLogsRequest
        await replay(case, lease, site.logs.AppendLogs, append)
        request = log_service_pb2.ListLogsRequest(namespace=NAMESPACE, run=lease.run)
        listed = await site.logs.ListLogs(request)
        assert [it.message for it in listed.lines] == case["messages"], case["name"]
