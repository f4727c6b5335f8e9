from google.protobuf.descriptor_pb2 import FileDescriptorSet

from penstockd.chassis.contract_rules import DESCRIPTORS
from penstockd.chassis.max_bytes import MAX_BYTES
from tools.generate_max_bytes import as_python, max_bytes


def test_the_bounds_of_the_contract_are_those_that_the_server_knows() -> None:
    contract = FileDescriptorSet.FromString(DESCRIPTORS.read_bytes())
    assert max_bytes(contract) == MAX_BYTES
    assert MAX_BYTES["penstock.api.type.v1.RunSpec"] == 1 << 20


def test_the_bounds_are_written_in_order() -> None:
    written: dict[str, dict[str, int]] = {}
    exec(as_python({"b.B": 2, "a.A": 1}), written)
    assert list(written["MAX_BYTES"].items()) == [("a.A", 1), ("b.B", 2)]
