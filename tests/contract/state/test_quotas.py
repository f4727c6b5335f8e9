"""A namespace has no more than its quotas say, and what is deleted makes room."""

from dataclasses import replace

import pytest

from contract.state.conftest import CONFIG
from contract.state.requests import a_creation, a_deletion, an_append, called, fresh, some_logs
from contract.state.site import Site
from penstock.errors import QuotaExceeded
from penstock.wire_errors import named_errors
from penstockd.state.wiring import Config

pytestmark = pytest.mark.asyncio
RUNS, BYTES = 3, 2_000


@pytest.fixture
def config() -> Config:
    return replace(CONFIG, quota_runs=RUNS, quota_journal_bytes=BYTES, quota_log_bytes=BYTES)


async def test_runs_have_a_quota(site: Site) -> None:
    requests = [a_creation() for _ in range(RUNS)]
    made = [await site.flow_runs.CreateFlowRun(each) for each in requests]
    with pytest.raises(QuotaExceeded) as told, named_errors():
        await site.flow_runs.CreateFlowRun(a_creation())
    assert told.value.metadata == {"quota": "quota_runs"}
    assert told.value.retry_after is not None
    # What was answered before is answered again, and other namespaces have theirs.
    assert await site.flow_runs.CreateFlowRun(requests[0]) == made[0]
    await site.flow_runs.CreateFlowRun(a_creation(namespace="other"))


async def test_what_is_deleted_makes_room_at_the_next_measuring(site: Site) -> None:
    made = [await site.flow_runs.CreateFlowRun(a_creation()) for _ in range(RUNS)]
    deletion = a_deletion(made[0].flow_run.id)
    deletion.cancel = True
    await site.flow_runs.DeleteFlowRun(deletion)
    await site.inside.tick("state.deletion")
    await site.inside.tick("state.quotas")
    await site.flow_runs.CreateFlowRun(a_creation())
    with pytest.raises(QuotaExceeded), named_errors():
        await site.flow_runs.CreateFlowRun(a_creation())
    await site.inside.tick("state.quotas")
    with pytest.raises(QuotaExceeded), named_errors():
        await site.flow_runs.CreateFlowRun(a_creation())


async def test_journals_have_a_quota(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(QuotaExceeded) as told, named_errors():
        for first in range(1, 100):
            await site.journal.AppendJournal(an_append(lease, called(fresh()), first=first))
            await site.inside.tick("state.quotas")
    assert told.value.metadata == {"quota": "quota_journal_bytes"}
    assert 5 < first < 50


async def test_logs_have_a_quota(site: Site) -> None:
    lease = await site.a_running_run()
    with pytest.raises(QuotaExceeded) as told, named_errors():
        for offset in range(1, 100):
            request = some_logs(lease, offset)
            request.lines[0].message = "x" * 300
            await site.logs.AppendLogs(request)
            await site.inside.tick("state.quotas")
    assert (told.value.metadata, offset) == ({"quota": "quota_log_bytes"}, 7)
