"""Every RPC that a server answers, with the rules of its messages, in a pool of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2
from protovalidate import Validator

from penstock.wire_channels import parks
from penstockd.chassis.contract_rules import DESCRIPTORS

OURS = "penstock."
# What every server answers beside the contract.
FOREIGN: Sequence[Any] = (health_pb2.DESCRIPTOR, reflection_pb2.DESCRIPTOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rpc:
    """`parks` if it waits for news, so that a deadline may end it."""

    path: str
    request: Descriptor
    response: Descriptor
    parks: bool

    @property
    def name(self) -> str:
        return "/".join(part.rpartition(".")[2] for part in self.path[1:].split("/"))

    @property
    def is_ours(self) -> bool:
        return self.path.startswith(f"/{OURS}")


@dataclass(frozen=True)
class Contract:
    """The rules of a field are `buf.validate.FieldRules`, empty where there are none."""

    rpcs: Sequence[Rpc]
    pool: DescriptorPool

    @cached_property
    def validator(self) -> Validator:
        return Validator()

    @cached_property
    def _options(self) -> tuple[Any, Any]:
        options = GetMessageClass(
            self.pool.FindMessageTypeByName("google.protobuf.FieldOptions")
        )
        return options, self.pool.FindExtensionByName("buf.validate.field")

    def rules(self, field: FieldDescriptor) -> Any:
        options, extension = self._options
        return options.FromString(field.GetOptions().SerializeToString()).Extensions[extension]

    def new(self, name: str) -> Any:
        """Return an empty message of the type with this full name."""
        return GetMessageClass(self.pool.FindMessageTypeByName(name))()


def load_contract() -> Contract:
    pool = DescriptorPool()
    files = list(FileDescriptorSet.FromString(DESCRIPTORS.read_bytes()).file)
    files += [FileDescriptorProto.FromString(each.serialized_pb) for each in FOREIGN]
    for file in files:
        pool.Add(file)
    return Contract(rpcs=tuple(_rpcs(pool, [each.name for each in files])), pool=pool)


def owner_of(field: FieldDescriptor) -> Descriptor:
    """Return the message that has the field."""
    assert field.containing_type is not None, "fields of messages alone are made"
    return field.containing_type


def kind_of(field: FieldDescriptor) -> Descriptor:
    """Return the message that the field holds, or the entry of its map."""
    assert field.message_type is not None, f"{field.full_name} holds values"
    return field.message_type


def _rpcs(pool: DescriptorPool, files: Sequence[str]) -> Iterator[Rpc]:
    for name in files:
        for service in pool.FindFileByName(name).services_by_name.values():
            for method in service.methods:
                path = f"/{service.full_name}/{method.name}"
                yield Rpc(
                    path=path,
                    request=method.input_type,
                    response=method.output_type,
                    parks=parks(path),
                )
