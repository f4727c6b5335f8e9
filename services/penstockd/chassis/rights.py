"""Who may call a method, and which field of its request names what the call is about.

Both stand in the contract as options of the method. Generated code has no such options, so
that programs need not load what describes descriptors; here the whole contract is read once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from penstockd.chassis.chain import Method

DESCRIPTORS = Path(__file__).with_name("descriptors.binpb")
_PACKAGE = "penstock.api.type.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """`access` holds lower-case roles; no `resource` means the namespace."""

    access: frozenset[str] = frozenset()
    resource: tuple[str, ...] = ()

    def named_in(self, request: Any) -> str:
        """Return the id or name of what the request is about; empty when it has none."""
        if not self.resource:
            return ""
        found = request
        for step in self.resource:
            found = getattr(found, step)
        if isinstance(found, bytes):
            return found.hex()
        return found if isinstance(found, str) else _chosen(found)


def rights_of(method: Method) -> Rights:
    """Return what the contract says of a method; nothing of one that is not in it."""
    return _contract().get((method.service, method.name), Rights())


@cache
def _contract() -> Mapping[tuple[str, str], Rights]:
    from google.protobuf.descriptor_pb2 import FileDescriptorSet
    from google.protobuf.descriptor_pool import DescriptorPool
    from google.protobuf.message_factory import GetMessageClass

    files = FileDescriptorSet.FromString(DESCRIPTORS.read_bytes()).file
    pool = DescriptorPool()
    for file in files:
        pool.Add(file)
    options = GetMessageClass(pool.FindMessageTypeByName("google.protobuf.MethodOptions"))
    access: Any = pool.FindExtensionByName(f"{_PACKAGE}.access")
    resource: Any = pool.FindExtensionByName(f"{_PACKAGE}.resource")
    found: dict[tuple[str, str], Rights] = {}
    for file in files:
        for service in file.service:
            for method in service.method:
                said: Any = options.FromString(method.options.SerializeToString())
                roles = (
                    access.enum_type.values_by_number[it] for it in said.Extensions[access]
                )
                path = said.Extensions[resource]
                found[f"{file.package}.{service.name}", method.name] = Rights(
                    access=frozenset(it.name.removeprefix("ACCESS_").lower() for it in roles),
                    resource=tuple(path.split(".")) if path else (),
                )
    return found


def _chosen(ref: Any) -> str:
    """A reference names its thing by one of several fields."""
    (alternatives,) = ref.DESCRIPTOR.oneofs
    field = ref.WhichOneof(alternatives.name)
    return str(getattr(ref, field)) if field else ""
