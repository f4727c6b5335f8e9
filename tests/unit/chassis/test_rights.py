"""The contract says of each method who may call it and what a call is about."""

from hashlib import sha256

import pytest
from google.protobuf.descriptor import Descriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions

from penstock.api.artifact.v1.content_service_pb2 import GetContentRequest
from penstock.api.scheduler.v1.work_pool_service_pb2 import GetWorkPoolRequest
from penstock.api.state.v1.flow_run_service_pb2 import CreateFlowRunRequest, ListFlowRunsRequest
from penstockd.chassis.chain import Method
from penstockd.chassis.rights import Rights, rights_of
from witness import methods

every_method = pytest.mark.parametrize("method", methods(), ids=lambda it: str(it.name))


def rights_in_the_contract(method: MethodDescriptor) -> Rights:
    return rights_of(Method.of(f"/{method.containing_service.full_name}/{method.name}"))


def state(service: str, name: str) -> Rights:
    return rights_of(Method.of(f"/penstock.api.state.v1.{service}/{name}"))


@every_method
def test_every_method_says_who_may_call_it_and_names_a_field_that_exists(
    method: MethodDescriptor,
) -> None:
    rights = rights_in_the_contract(method)
    assert rights.access <= {"reader", "writer", "worker", "operator", "peer"}
    assert rights.access
    message: Descriptor | None = method.input_type
    for step in rights.resource:
        assert message is not None
        message = message.fields_by_name[step].message_type
    if rights.resource and message is not None:
        assert len(message.oneofs) == 1


@every_method
def test_a_change_is_never_a_readers(method: MethodDescriptor) -> None:
    reads = method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS
    assert reads or "reader" not in rights_in_the_contract(method).access


def test_what_a_call_is_about_is_read_from_its_request() -> None:
    request = CreateFlowRunRequest(namespace="home")
    request.spec.flow_name = "pipeline"
    create = state("FlowRunService", "CreateFlowRun")
    assert create.access == {"writer", "worker"}
    assert create.named_in(request) == "pipeline"


def test_a_reference_is_named_by_what_was_chosen() -> None:
    get = rights_of(Method.of("/penstock.api.scheduler.v1.WorkPoolService/GetWorkPool"))
    request = GetWorkPoolRequest(namespace="home")
    assert get.named_in(request) == ""
    request.work_pool.name = "pool"
    assert get.named_in(request) == "pool"


def test_bytes_are_named_by_their_digits() -> None:
    get = rights_of(Method.of("/penstock.api.artifact.v1.ContentService/GetContent"))
    digest = sha256(b"water").digest()
    assert get.named_in(GetContentRequest(sha256=digest)) == digest.hex()


def test_a_list_is_about_its_namespace() -> None:
    assert state("FlowRunService", "ListFlowRuns").named_in(ListFlowRunsRequest()) == ""


def test_nothing_is_known_of_a_foreign_method() -> None:
    assert rights_of(Method.of("/grpc.health.v1.Health/Check")) == Rights()
