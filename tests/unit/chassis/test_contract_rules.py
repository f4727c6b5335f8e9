import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc_tools
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_tools import protoc

from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.validation import Check

ROOT = Path(__file__).parents[3]

RULES = """
syntax = "proto3";
package penstock.test.v1;
import "buf/validate/validate.proto";
enum Kind { KIND_UNSPECIFIED = 0; KIND_A = 1; }
message Leaf { string name = 1 [(buf.validate.field).string.min_len = 1]; }
message Ask {
  string id = 1 [(buf.validate.field).string.uuid = true];
  Kind kind = 2 [(buf.validate.field).enum = { defined_only: true, not_in: [0] }];
  repeated Leaf leaves = 3 [(buf.validate.field).repeated.max_items = 2];
  map<string, Leaf> named = 4;
}
"""
AN_ID = "0199c5b0-0000-7000-8000-000000000001"


@pytest.fixture(scope="module")
def descriptors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proto")
    (folder / "ask.proto").write_text(RULES)
    include = [folder, ROOT / "proto/third_party", Path(grpc_tools.__file__).parent / "_proto"]
    out = folder / "descriptors.binpb"
    arguments = ["protoc", *(f"-I{each}" for each in include), "--include_imports"]
    assert protoc.main([*arguments, f"--descriptor_set_out={out}", "ask.proto"]) == 0
    return out


@pytest.fixture(scope="module")
def check(descriptors: Path) -> Check:
    return contract_check(descriptors)


@pytest.fixture(scope="module")
def ask(descriptors: Path) -> Any:
    """The message as a client has it: in a pool that knows no rules."""
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(descriptors.read_bytes()).file:
        for message in file.message_type if file.package == "penstock.test.v1" else ():
            for field in message.field:
                field.ClearField("options")
        pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("penstock.test.v1.Ask"))


def broken(check: Check, request: Any) -> list[tuple[str, str]]:
    return [(each.field, each.description) for each in check(request)]


def test_a_request_that_keeps_the_rules_passes(check: Check, ask: Any) -> None:
    assert broken(check, ask(id=AN_ID, kind=1)) == []


def test_a_bad_uuid_is_named(check: Check, ask: Any) -> None:
    assert broken(check, ask(id="7", kind=1)) == [("id", "must be a valid UUID")]


def test_an_unknown_enum_value_is_named(check: Check, ask: Any) -> None:
    [(field, text)] = broken(check, ask(id=AN_ID, kind=9))
    assert (field, "defined" in text) == ("kind", True)


def test_a_place_in_a_list_or_map_is_named(check: Check, ask: Any) -> None:
    request = ask(id=AN_ID, kind=1)
    request.leaves.add(name="a")
    request.leaves.add()
    request.named["k"].name = ""
    assert [field for field, _ in broken(check, request)] == [
        "leaves[1].name",
        'named["k"].name',
    ]


def test_a_check_is_cheap(check: Check, ask: Any) -> None:
    """It costs a few times what the message costs to be written and read."""
    request = ask(id=AN_ID, kind=1)

    def read_and_written() -> None:
        ask.FromString(request.SerializeToString())

    check(request)
    assert cpu_seconds(lambda: check(request)) < 25 * cpu_seconds(read_and_written)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return what a thousand times take, the quickest of five rounds."""
    taken = []
    for _ in range(5):
        begun = time.process_time()
        for _ in range(1_000):
            work()
        taken.append(time.process_time() - begun)
    return min(taken)
