"""Pages of a list: what a request asks for, what fits into its answer, and where it goes on.

A token carries the list's question, which is the request without its page, and the key of the
last item that was shown. Whatever else comes as a token is PAGE_TOKEN_INVALID.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Generic, TypeVar

from google.protobuf.message import Message

from penstock.errors import PageTokenInvalid
from penstockd.chassis.wire.keys import Key
from penstockd.chassis.wire.messages import fitting, packed

USUAL_SIZE = 50

T = TypeVar("T")
K = TypeVar("K")
M = TypeVar("M", bound=Message)
_HASH_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[K]):
    """`after` is the key of the last item on the page before; none on the first page."""

    question: bytes
    key: Key[K]
    after: K | None
    size: int

    @property
    def limit(self) -> int:
        """One more than is shown, which tells whether there is another page."""
        return self.size + 1

    def cut(
        self, found: Sequence[T], to_proto: Callable[[T], M], *, key: Callable[[T], K]
    ) -> tuple[Sequence[M], str]:
        """Return the messages of this page, and the token of the next one if there is any."""
        messages = fitting([to_proto(each) for each in found[: self.size]])
        if len(messages) == len(found):
            return messages, ""
        return messages, self.token(key(found[len(messages) - 1]))

    def token(self, key: K) -> str:
        """Return the token of the page after the item with this key."""
        return urlsafe_b64encode(self.question + self.key.write(key).encode()).decode()


def page_of(request: Any, key: Key[K], *, usual_size: int = USUAL_SIZE) -> Page[K]:
    """Raises PageTokenInvalid unless the token is of this list."""
    question = _question(request)
    token = request.page_token
    return Page(
        question=question,
        key=key,
        after=_key_in(token, question, key) if token else None,
        size=request.page_size if request.page_size > 0 else usual_size,
    )


def _question(request: Any) -> bytes:
    asked = type(request)()
    asked.CopyFrom(request)
    asked.ClearField("page_size")
    asked.ClearField("page_token")
    name = request.DESCRIPTOR.full_name.encode()
    return sha256(name + b"\0" + packed(asked)).digest()[:_HASH_BYTES]


def _key_in(token: str, question: bytes, key: Key[K]) -> K:
    try:
        data = urlsafe_b64decode(token.encode())
        if urlsafe_b64encode(data).decode() == token and data[:_HASH_BYTES] == question:
            return key.exactly(data[_HASH_BYTES:].decode())
    except (ValueError, OverflowError):
        pass
    raise PageTokenInvalid(
        "the page token belongs to another list: start again from the first page"
    )
