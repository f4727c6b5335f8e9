"""Notes which methods of the contract answered over a socket, and which reasons they gave.

A run of the whole suite fails when a method or a reason is missing: then no test asks for it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import FileDescriptor, MethodDescriptor
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from penstock import api
from penstock.api.type.v1.error_reason_pb2 import ErrorReason
from penstock.errors import DOMAIN

PACKAGE = "penstock.api."
DETAILS_KEY = "grpc-status-details-bin"


@dataclass(slots=True)
class Seen:
    """Methods as `/package.Service/Method`, reasons as `LEASE_LOST`."""

    methods: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)

    def add(self, methods: Iterable[str], reasons: Iterable[str]) -> None:
        self.methods.update(methods)
        self.reasons.update(reasons)

    def missing(self) -> list[str]:
        methods = sorted(all_methods() - self.methods)
        reasons = sorted(all_reasons() - self.reasons)
        return [
            *(f"no test has {method} answer over a socket" for method in methods),
            *(f"no test has a method fail with {reason} over a socket" for reason in reasons),
        ]


seen = Seen()


class Witness(grpc.aio.ServerInterceptor):
    """Stands before everything else in each server that a test starts in its process."""

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: Any
    ) -> Any:
        handler = await continuation(handler_call_details)
        path = handler_call_details.method
        if handler is None or not path.startswith(f"/{PACKAGE}"):
            return handler
        if handler.request_streaming:
            return handler
        formats = (handler.request_deserializer, handler.response_serializer)
        if handler.response_streaming:
            behaviour = _stream(path, handler.unary_stream)
            return grpc.unary_stream_rpc_method_handler(behaviour, *formats)
        behaviour = _unary(path, handler.unary_unary)
        return grpc.unary_unary_rpc_method_handler(behaviour, *formats)


class WitnessContext:
    """A servicer's context; it notes the reason of an abort."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    async def abort(self, code: Any, details: str = "", trailing_metadata: Any = ()) -> None:
        seen.reasons.update(_reasons(trailing_metadata))
        await self._context.abort(code, details, trailing_metadata)


def all_methods() -> set[str]:
    """Return the path of every method of the contract."""
    return {f"/{each.containing_service.full_name}/{each.name}" for each in methods()}


def methods() -> list[MethodDescriptor]:
    """Return every method that the contract describes."""
    return [
        method
        for file in _files()
        for service in file.services_by_name.values()
        for method in service.methods
    ]


def all_reasons() -> set[str]:
    prefix = "ERROR_REASON_"
    return {name.removeprefix(prefix) for name in ErrorReason.keys()[1:]}


def pytest_configure(config: pytest.Config) -> None:
    original: Any = grpc.aio.server

    def witnessed(*args: Any, interceptors: Any = (), **options: Any) -> Any:
        return original(*args, interceptors=[Witness(), *(interceptors or ())], **options)

    setattr(grpc.aio, "server", witnessed)  # noqa: B010 - a module's own name
    config.add_cleanup(partial(setattr, grpc.aio, "server", original))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: Any) -> None:
    """Takes what a worker of xdist has seen."""
    told = getattr(node, "workeroutput", {})
    seen.add(told.get("seen_methods", ()), told.get("seen_reasons", ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["seen_methods"] = sorted(seen.methods)
        config.workeroutput["seen_reasons"] = sorted(seen.reasons)
    elif session.exitstatus == pytest.ExitCode.OK and is_whole(config) and seen.missing():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: Any, exitstatus: int, config: pytest.Config
) -> None:
    # After a failure it is not known what the rest would have asked for.
    if exitstatus != pytest.ExitCode.OK or not is_whole(config):
        return
    for line in seen.missing():
        terminalreporter.write_line(f"CONTRACT {line}", red=True)


def is_whole(config: pytest.Config) -> bool:
    """Tell whether every test was asked for."""
    options = config.option
    asked = [Path(config.invocation_params.dir, each).resolve() for each in config.args]
    everything = {Path(config.rootpath, each) for each in config.getini("testpaths")}
    narrowed = options.keyword or options.deselect or options.collectonly
    narrowed = narrowed or getattr(options, "lf", False)
    return (
        not narrowed
        and options.markexpr in ("", "not real")
        and bool(asked)
        and everything <= set(asked)
    )


def _unary(path: str, behaviour: Any) -> Any:
    async def noted(request: Any, context: Any) -> Any:
        reply = await behaviour(request, WitnessContext(context))
        seen.methods.add(path)
        return reply

    return noted


def _stream(path: str, behaviour: Any) -> Any:
    async def noted(request: Any, context: Any) -> AsyncGenerator[Any, None]:
        async with aclosing(behaviour(request, WitnessContext(context))) as replies:
            async for reply in replies:
                seen.methods.add(path)
                yield reply

    return noted


def _reasons(trailing_metadata: Any) -> Iterable[str]:
    for key, value in trailing_metadata or ():
        if key != DETAILS_KEY:
            continue
        for detail in Status.FromString(value).details:
            info = ErrorInfo()
            if detail.Unpack(info) and info.domain == DOMAIN:
                yield info.reason


def _files() -> list[FileDescriptor]:
    pool = descriptor_pool.Default()
    for module in walk_packages(api.__path__, f"{api.__name__}."):
        if module.name.endswith("_pb2"):
            import_module(module.name)
    names = {
        f"{module.name.removesuffix('_pb2').replace('.', '/')}.proto"
        for module in walk_packages(api.__path__, f"{api.__name__}.")
        if module.name.endswith("_pb2")
    }
    return [pool.FindFileByName(name) for name in sorted(names)]
