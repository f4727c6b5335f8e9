"""What the contract does not know is dropped at the door, wherever it stands in a request."""

import pytest

from builders import NAMESPACE
from contract.state.requests import (
    LAUNCH,
    NULL,
    a_creation,
    an_append,
    called,
    fresh,
    some_logs,
)
from contract.state.site import Site
from penstock.api.state.v1 import (
    flow_run_service_pb2,
    journal_service_pb2,
    log_service_pb2,
    task_run_service_pb2,
)

pytestmark = pytest.mark.asyncio
MARK = b"from elsewhere"
# A field with the number 15 000, of bytes.
UNKNOWN = b"\xc2\xa9\x07" + bytes([len(MARK)]) + MARK


async def test_they_are_not_kept_with_a_run(site: Site) -> None:
    request = a_creation(parameters={"day": NULL}, launch=LAUNCH)
    for place in (request, request.spec, request.spec.parameters["day"], request.spec.launch):
        place.MergeFromString(UNKNOWN)
    assert request.SerializeToString().count(MARK) == 4
    created = await site.flow_runs.CreateFlowRun(request)
    found = await site.flow_runs.GetFlowRun(
        flow_run_service_pb2.GetFlowRunRequest(
            namespace=NAMESPACE, flow_run_id=created.flow_run.id
        )
    )
    assert found.flow_run.spec.parameters["day"] == NULL
    assert MARK not in created.SerializeToString() + found.SerializeToString()


async def test_they_do_not_make_another_request(site: Site) -> None:
    request = a_creation()
    made = await site.flow_runs.CreateFlowRun(request)
    request.spec.MergeFromString(UNKNOWN)
    assert await site.flow_runs.CreateFlowRun(request) == made


async def test_they_are_not_kept_with_an_entry_or_a_line(site: Site) -> None:
    lease = await site.a_running_run()
    task_run_id = fresh()
    journal = an_append(lease, called(task_run_id))
    journal.entries[0].MergeFromString(UNKNOWN)
    journal.entries[0].called.MergeFromString(UNKNOWN)
    await site.journal.AppendJournal(journal)
    logs = some_logs(lease, 1)
    logs.lines[0].MergeFromString(UNKNOWN)
    await site.logs.AppendLogs(logs)
    answers = [
        await site.journal.ListJournal(
            journal_service_pb2.ListJournalRequest(namespace=NAMESPACE, run=lease.run)
        ),
        await site.task_runs.GetTaskRun(
            task_run_service_pb2.GetTaskRunRequest(namespace=NAMESPACE, task_run_id=task_run_id)
        ),
        await site.logs.ListLogs(
            log_service_pb2.ListLogsRequest(namespace=NAMESPACE, run=lease.run)
        ),
    ]
    assert all(MARK not in answer.SerializeToString() for answer in answers)
