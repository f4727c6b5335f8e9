"""What things are found by is the same text on every database, or it is refused."""

from typing import Any

import pytest

from builders import NAMESPACE
from contract.state.requests import (
    POOL,
    a_claim,
    a_creation,
    a_failure,
    a_filter,
    a_session,
    an_append,
    called,
    fresh,
    some_logs,
)
from contract.state.site import Site
from penstock.api.state.v1 import flow_run_service_pb2, flow_service_pb2
from penstock.api.type.v1.launch_spec_pb2 import LaunchSpec, PythonProgram
from penstock.api.type.v1.payload_pb2 import Payload
from penstock.errors import InvalidArgument
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio
BAD = ["a\0b", "a\nb", "\x1b[31m", "del\x7f", "\x85"]


async def refused(call: Any, request: Any, field: str) -> None:
    with pytest.raises(InvalidArgument) as told, named_errors():
        await call(request)
    assert [it.field for it in told.value.violations] == [field]
    words = told.value.violations[0].description
    assert words.startswith(("must be 1 to", "must not contain control characters"))
    assert field in str(told.value)


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("namespace", "namespace"),
        ("flow_name", "spec.flow_name"),
        ("work_pool", "spec.work_pool"),
        ("work_queue", "spec.work_queue"),
        ("idempotency_key", "idempotency_key"),
    ],
)
async def test_a_run_is_not_made_under_a_key_with_control_characters(
    site: Site, key: str, field: str, text: str
) -> None:
    creation = a_creation(**{"work_pool": POOL} | {key: text})
    await refused(site.flow_runs.CreateFlowRun, creation, field)


async def test_the_tag_is_named(site: Site) -> None:
    await refused(
        site.flow_runs.CreateFlowRun, a_creation(tags=["wet", "a\0b"]), "spec.tags[1]"
    )


async def test_nothing_is_looked_for_under_such_a_key(site: Site) -> None:
    flow = flow_service_pb2.GetFlowRequest(namespace=NAMESPACE)
    flow.flow.name = "a\0b"
    await refused(site.flows.GetFlow, flow, "flow.name")
    wanted = flow_run_service_pb2.ListFlowRunsRequest(
        namespace=NAMESPACE, filter=a_filter(flow_names=["spill", "a\0b"])
    )
    await refused(site.flow_runs.ListFlowRuns, wanted, "filter.flow_names[1]")
    watched = flow_run_service_pb2.WatchFlowRunsRequest(namespace="a\0b")
    with pytest.raises(InvalidArgument), named_errors():
        await anext(aiter(site.flow_runs.WatchFlowRuns(watched)))
    claim = a_claim(await site.a_session(), queues=["default", "a\0b"])
    await refused(site.leases.Claim, claim, "work_queues[1]")
    session = a_session()
    session.namespace = "a\0b"
    await refused(site.sessions.OpenWorkerSession, session, "namespace")


async def test_letters_of_every_language_are_keys(site: Site) -> None:
    run = await site.a_run(flow_name="Flußlauf ≥ 1 川 🌊", tags=["été\u00a0!"])
    assert (run.spec.flow_name, list(run.spec.tags)) == ("Flußlauf ≥ 1 川 🌊", ["été\u00a0!"])


async def test_what_people_read_is_kept_with_a_sign_in_place_of_nul(site: Site) -> None:
    run = await site.a_run(name="quiet\0river")
    assert run.name == "quiet\ufffdriver"
    lease = await site.a_running_run()
    entry = called(fresh())
    entry.called.name = "pour\0-0"
    await site.journal.AppendJournal(an_append(lease, entry))


async def test_so_is_every_other_text_that_is_no_key(site: Site) -> None:
    launch = LaunchSpec(
        python=PythonProgram(entrypoint="a\0b.py:c"), environment={"COLOUR": "a\0b"}
    )
    run = await site.a_run(
        launch=launch, parameters={"level": Payload(content_type="a\0b", inline=b"1")}
    )
    assert run.spec.launch.python.entrypoint == "a\ufffdb.py:c"
    assert run.spec.launch.environment["COLOUR"] == "a\ufffdb"
    lease = await site.a_running_run()
    await site.logs.AppendLogs(some_logs(lease, 1, source="a\0b"))
    await site.move(lease, "FAILED", failure=a_failure(error_type="a\0b"))
    ended = await site.run(lease.run.flow_run_id)
    assert ended.failure.error_type == "a\ufffdb"
