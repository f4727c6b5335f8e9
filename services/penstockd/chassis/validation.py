"""Requests are checked against the rules of the contract before a servicer sees them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Callable, Sequence
from typing import Any

from penstock.errors import FieldViolation, InvalidArgument, MessageTooLarge
from penstock.wire_channels import LONGEST_MESSAGE
from penstockd.chassis.chain import TOO_LARGE, UNREADABLE, Method, Stream, Unary
from penstockd.chassis.nul import replace_nul
from penstockd.chassis.sizes import too_large
from penstockd.chassis.texts import illegal_texts

Check = Callable[[Any], Sequence[FieldViolation]]


class Reading:
    """Refuses what does not parse, also among the requests of a stream."""

    def unary(self, method: Method, behaviour: Unary) -> Unary:
        async def read(request: Any, context: Any) -> Any:
            _refuse_unread(method, request)
            return await behaviour(request, context)

        return read

    def stream(self, method: Method, behaviour: Stream) -> Stream:
        def read(request: Any, context: Any) -> AsyncGenerator[Any, None]:
            if isinstance(request, AsyncIterable):
                return behaviour(_readable(method, request), context)
            _refuse_unread(method, request)
            return behaviour(request, context)

        return read


async def _readable(method: Method, requests: AsyncIterable[Any]) -> AsyncGenerator[Any, None]:
    async for request in requests:
        _refuse_unread(method, request)
        yield request


def _refuse_unread(method: Method, request: Any) -> None:
    if request is TOO_LARGE:
        raise MessageTooLarge(
            f"{method.name}: the request takes more than {LONGEST_MESSAGE >> 20} MiB: "
            "send less at once, or upload large values and send their digests"
        )
    if request is UNREADABLE:
        raise InvalidArgument(
            "the request cannot be parsed: it must be the message that the contract names"
        )


class Validation:
    """Refuses what the check finds; the rest holds no NUL.

    A server's check has every rule of the contract. Without one, keys are judged at least.
    """

    def __init__(self, check: Check | None = None) -> None:
        self._check = check or illegal_texts

    def unary(self, method: Method, behaviour: Unary) -> Unary:
        async def validated(request: Any, context: Any) -> Any:
            self._judge(method, request)
            return await behaviour(request, context)

        return validated

    def stream(self, method: Method, behaviour: Stream) -> Stream:
        def validated(request: Any, context: Any) -> AsyncGenerator[Any, None]:
            self._judge(method, request)
            return behaviour(request, context)

        return validated

    def _judge(self, method: Method, request: Any) -> None:
        violations = self._check(request)
        if not violations:
            # It takes more bytes than NUL does: what is kept has to fit.
            replace_nul(request)
            violations = too_large(request)
        if violations:
            first = violations[0]
            more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
            raise InvalidArgument(
                f"{method.name}: {first.field}: {first.description}{more}",
                *violations,
                field=first.field,
            )
