"""Who may call a method, and which field of its request names what the call is about.

Both stand in the contract as options of the method.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from google.protobuf import descriptor_pool

from penstock.api.type.v1 import access_pb2
from penstockd.chassis.chain import Method


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


@cache
def rights_of(method: Method) -> Rights:
    """Return what the contract says of a method; nothing of one that is not in it."""
    try:
        found = descriptor_pool.Default().FindMethodByName(f"{method.service}.{method.name}")
    except KeyError:
        return Rights()
    options = found.GetOptions()
    access = options.Extensions[access_pb2.access]
    resource = options.Extensions[access_pb2.resource]
    return Rights(
        access=frozenset(
            access_pb2.Access.Name(each).removeprefix("ACCESS_").lower() for each in access
        ),
        resource=tuple(resource.split(".")) if resource else (),
    )


def _chosen(ref: Any) -> str:
    """A reference names its thing by one of several fields."""
    (alternatives,) = ref.DESCRIPTOR.oneofs
    field = ref.WhichOneof(alternatives.name)
    return str(getattr(ref, field)) if field else ""
