"""Derives from the contract how clients of any language call it: gRPC's service config.

https://github.com/grpc/grpc/blob/master/doc/service_config.md
"""

import json
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    MethodOptions,
)

CONTRACT = "penstock."


class Kind(IntEnum):
    """What a call waits for, and how many seconds it may take by itself."""

    UNARY = 10
    LONG_POLL = 45
    STREAM = 30 * 60


# docs/adr/0007 tells why there are so many attempts, and why nothing throttles them.
RETRY = {
    "maxAttempts": 4,
    "initialBackoff": "0.1s",
    "maxBackoff": "2s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}


def kind_of(method: MethodDescriptorProto, request: DescriptorProto) -> Kind:
    if method.server_streaming:
        return Kind.STREAM
    waits = any(field.name == "wait" for field in request.field)
    return Kind.LONG_POLL if waits else Kind.UNARY


def service_config(descriptors: FileDescriptorSet) -> dict[str, Any]:
    """Each service as a whole is unary and retried; the methods that are not are named."""
    usual = (Kind.UNARY, True)
    names: dict[tuple[Kind, bool], list[dict[str, str]]] = {usual: []}
    for service, method, kind in _methods(descriptors):
        if {"service": service} not in names[usual]:
            names[usual].append({"service": service})
        retried = method.options.idempotency_level != MethodOptions.IDEMPOTENCY_UNKNOWN
        if (kind, retried) != usual:
            named = {"service": service, "method": method.name}
            names.setdefault((kind, retried), []).append(named)
    return {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {"name": names[group], "timeout": f"{group[0].value}s"}
            | ({"retryPolicy": RETRY} if group[1] else {})
            for group in sorted(names)
        ],
    }


def as_json(config: dict[str, Any]) -> str:
    return json.dumps(config, indent=2) + "\n"


def as_python(config: dict[str, Any], docstring: str) -> str:
    """The same for the Python client; text, numbers and lists are written alike in JSON."""
    seconds = "".join(f"{kind.name}_SECONDS = {kind.value}.0\n" for kind in Kind)
    return (
        f"{docstring}\nfrom typing import Any\n\n{seconds}"
        f"SERVICE_CONFIG: dict[str, Any] = {json.dumps(config, indent=4)}\n"
    )


def _methods(
    descriptors: FileDescriptorSet,
) -> Iterator[tuple[str, MethodDescriptorProto, Kind]]:
    messages = {
        f".{file.package}.{message.name}": message
        for file in descriptors.file
        for message in file.message_type
    }
    for file in sorted(descriptors.file, key=lambda file: file.name):
        if not file.package.startswith(CONTRACT):
            continue
        for service in file.service:
            for method in service.method:
                kind = kind_of(method, messages[method.input_type])
                yield f"{file.package}.{service.name}", method, kind
