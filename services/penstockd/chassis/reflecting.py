"""Answers those who ask a server what it serves, as grpcurl does; the library is an extra."""

from __future__ import annotations

from collections.abc import Iterable

import grpc

try:
    from grpc_reflection.v1alpha.reflection import SERVICE_NAME, aio
    from grpc_reflection.v1alpha.reflection_pb2_grpc import (
        add_ServerReflectionServicer_to_server,
    )
except ImportError:

    def reflect(server: grpc.aio.Server, services: Iterable[str]) -> None:
        """Whoever asks hears that the method is not implemented."""
else:

    def reflect(server: grpc.aio.Server, services: Iterable[str]) -> None:
        servicer = aio.ReflectionServicer((*services, SERVICE_NAME))
        add_ServerReflectionServicer_to_server(servicer, server)  # type: ignore[no-untyped-call]
