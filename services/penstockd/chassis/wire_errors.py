"""PenstockError -> google.rpc.Status, at the edge of every RPC."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2

from penstock.errors import DOMAIN, InvalidArgument, PenstockError
from penstockd.chassis.chain import Method, Stream, Unary
from penstockd.chassis.logs import in_full

logger = logging.getLogger(__name__)

# An error is trailing metadata, where its text stands twice, once with each byte as three.
# Clients refuse metadata over 8 KiB, unless they are told otherwise.
LONGEST_MESSAGE = 1_000
LONGEST_FIELD = 200
MOST_FIELDS = 5

DETAILS_KEY = "grpc-status-details-bin"
PUSHBACK_KEY = "grpc-retry-pushback-ms"
BUG = "a bug in the server"

CODES = {code.value[0]: code for code in grpc.StatusCode}


class PassedOn(Exception):
    """How a call ended elsewhere, which its caller is told as it is."""

    def __init__(self, error: grpc.aio.AioRpcError) -> None:
        super().__init__(error.details())
        self.code = error.code()
        self.details = error.details() or ""
        self.trailing = tuple(error.trailing_metadata() or ())


class WireErrors:
    """Aborts with the status of what the servicer raised; a bug tells nothing of itself."""

    def unary(self, method: Method, behaviour: Unary) -> Unary:
        async def guarded(request: Any, context: Any) -> Any:
            try:
                return await behaviour(request, context)
            except Exception as error:  # noqa: BLE001 - the edge of the process
                await abort_for(method.path, error, context)

        return guarded

    def stream(self, method: Method, behaviour: Stream) -> Stream:
        async def guarded(request: Any, context: Any) -> AsyncGenerator[Any, None]:
            try:
                async with aclosing(behaviour(request, context)) as replies:
                    async for reply in replies:
                        yield reply
            except Exception as error:  # noqa: BLE001 - the edge of the process
                await abort_for(method.path, error, context)

        return guarded


def to_status(error: PenstockError) -> status_pb2.Status:
    """Return the error as data: exactly one ErrorInfo, and what helps the caller."""
    message = _shortened(str(error))
    status = status_pb2.Status(code=error.code, message=message)
    info = error_details_pb2.ErrorInfo(
        reason=error.reason,
        domain=DOMAIN,
        metadata={
            key: _shortened(value, LONGEST_FIELD)
            for key, value in list(error.metadata.items())[:MOST_FIELDS]
        },
    )
    status.details.add().Pack(info)
    if isinstance(error, InvalidArgument) and error.violations:
        status.details.add().Pack(_bad_request(error))
    if error.retry_after is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromTimedelta(error.retry_after)
        status.details.add().Pack(retry)
    return status


def trailing_metadata(error: PenstockError) -> tuple[tuple[str, str | bytes], ...]:
    """Return what travels behind the answer: the status, and when to come back."""
    details: tuple[str, str | bytes] = (DETAILS_KEY, to_status(error).SerializeToString())
    if error.retry_after is not None:
        pause = int(error.retry_after.total_seconds() * 1_000)
        return (details, (PUSHBACK_KEY, str(pause)))
    return (details,)


async def abort_with(error: PenstockError, context: Any) -> None:
    """End the call with the error's status, behind what the servicer wanted to add."""
    already = tuple(context.trailing_metadata() or ())
    await context.abort(
        CODES[error.code], _shortened(str(error)), already + trailing_metadata(error)
    )


async def abort_for(path: str, error: Exception, context: Any) -> None:
    """End the call for whatever was raised; of a bug only the log tells."""
    if isinstance(error, grpc.aio.AbortError):
        raise error
    if isinstance(error, PassedOn):
        await context.abort(error.code, error.details, error.trailing)
    if not isinstance(error, PenstockError):
        logger.error("rpc.failed", extra={"rpc": path}, exc_info=error)
        error = PenstockError(BUG)
    elif error.__cause__ is not None:
        logger.info("rpc.refused", extra={"rpc": path, "why": in_full(error)})
    await abort_with(error, context)


def _bad_request(error: InvalidArgument) -> error_details_pb2.BadRequest:
    bad = error_details_pb2.BadRequest()
    for violation in error.violations[:MOST_FIELDS]:
        bad.field_violations.add(
            field=_shortened(violation.field, LONGEST_FIELD),
            description=_shortened(violation.description, LONGEST_FIELD),
        )
    return bad


def _shortened(text: str, limit: int = LONGEST_MESSAGE) -> str:
    return text.encode(errors="replace")[:limit].decode(errors="ignore")
