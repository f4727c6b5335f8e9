from typing import Any

import pytest

from builders import NAMESPACE
from contract.state.requests import a_deletion, fresh
from contract.state.site import Site
from penstock.api.state.v1 import flow_pb2
from penstock.api.state.v1 import flow_service_pb2 as pb
from penstock.errors import FlowNotFound, InvalidArgument, PageTokenInvalid, ResourceInUse
from penstock.wire_errors import named_errors

pytestmark = pytest.mark.asyncio


def a_get(**ref: str) -> pb.GetFlowRequest:
    return pb.GetFlowRequest(namespace=NAMESPACE, flow=flow_pb2.FlowRef(**ref))


async def test_a_flow_is_made_by_its_first_run(site: Site) -> None:
    first = await site.a_run(flow_name="spill")
    second = await site.a_run(flow_name="spill")
    assert first.flow_id == second.flow_id
    by_name = (await site.flows.GetFlow(a_get(name="spill"))).flow
    by_id = (await site.flows.GetFlow(a_get(id=first.flow_id))).flow
    assert by_name == by_id
    assert (by_id.id, by_id.name) == (first.flow_id, "spill")


async def test_an_unknown_flow_is_an_error(site: Site) -> None:
    for ref in ({"name": "spill"}, {"id": fresh()}):
        with pytest.raises(FlowNotFound), named_errors():
            await site.flows.GetFlow(a_get(**ref))


async def test_flows_are_listed_by_name_a_page_at_a_time(site: Site) -> None:
    for name in ("weir", "spill", "lock"):
        await site.a_run(flow_name=name)
    request = pb.ListFlowsRequest(namespace=NAMESPACE, page_size=2)
    first = await site.flows.ListFlows(request)
    request.page_token = first.next_page_token
    last = await site.flows.ListFlows(request)
    assert [it.name for it in (*first.flows, *last.flows)] == ["lock", "spill", "weir"]
    assert not last.next_page_token
    request.namespace = "away"
    with pytest.raises(PageTokenInvalid), named_errors():
        await site.flows.ListFlows(request)


async def test_bad_requests_are_refused(site: Site) -> None:
    for call, request in (
        (site.flows.GetFlow, a_get(id="mine")),
        (site.flows.ListFlows, pb.ListFlowsRequest(namespace=NAMESPACE, page_size=-1)),
    ):
        with pytest.raises(InvalidArgument), named_errors():
            await call(request)


async def test_flows_are_found_by_names_and_parts_of_names(site: Site) -> None:
    for name in ("Weir", "spill", "lock"):
        await site.a_run(flow_name=name)

    async def found(**wanted: Any) -> list[str]:
        request = pb.ListFlowsRequest(namespace=NAMESPACE, filter=pb.FlowFilter(**wanted))
        return [it.name for it in (await site.flows.ListFlows(request)).flows]

    assert await found(names=["lock", "spill", "none"]) == ["lock", "spill"]
    assert await found(name_contains="WEI") == ["Weir"]
    assert await found(names=["lock"], name_contains="i") == []
    assert await found(name_contains="%") == []


async def test_a_flow_without_runs_is_deleted(site: Site) -> None:
    run = await site.a_run(flow_name="spill")
    deletion = a_flow_deletion(name="spill")
    with pytest.raises(ResourceInUse) as told, named_errors():
        await site.flows.DeleteFlow(deletion)
    assert told.value.metadata["flow_runs"] == "1"
    await site.flow_runs.DeleteFlowRun(a_deletion(run.id, cancel=True))
    deleted = await site.flows.DeleteFlow(deletion)
    assert (deleted.flow.id, deleted.flow.name) == (run.flow_id, "spill")
    assert await site.flows.DeleteFlow(deletion) == deleted
    for ref in ({"name": "spill"}, {"id": run.flow_id}):
        with pytest.raises(FlowNotFound), named_errors():
            await site.flows.DeleteFlow(a_flow_deletion(**ref))
    again = await site.a_run(flow_name="spill")
    assert again.flow_id != run.flow_id


def a_flow_deletion(**ref: str) -> pb.DeleteFlowRequest:
    return pb.DeleteFlowRequest(
        request_id=fresh(), namespace=NAMESPACE, flow=flow_pb2.FlowRef(**ref)
    )
