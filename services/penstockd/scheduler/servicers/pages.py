"""Pages of lists: what a request asks for, and what fits into the answer."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from google.protobuf.message import Message

from penstockd.chassis.pages import decode, encode, filter_hash, fitting

USUAL_SIZE = 50

T = TypeVar("T")
M = TypeVar("M", bound=Message)


class ListRequest(Protocol):
    namespace: str
    page_size: int
    page_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`after` is the key of the last item on the page before; none on the first page."""

    filter: bytes
    after: tuple[str, ...]
    size: int

    @property
    def limit(self) -> int:
        """One more than is shown, which tells whether there is another page."""
        return self.size + 1

    def cut(
        self,
        found: Sequence[T],
        to_proto: Callable[[T], M],
        *,
        key: Callable[[T], tuple[str, ...]],
    ) -> tuple[Sequence[M], str]:
        """Return the messages of this page, and the token of the next one."""
        messages = fitting([to_proto(each) for each in found[: self.size]])
        if len(messages) == len(found):
            return messages, ""
        last = found[len(messages) - 1]
        return messages, encode(self.filter, json.dumps(key(last)))


def page_of(request: ListRequest, *question: object) -> Page:
    """Raises PageTokenInvalid, if the token belongs to another question."""
    asked = filter_hash(request.namespace, *question)
    key = decode(asked, request.page_token)
    return Page(
        filter=asked,
        after=tuple(json.loads(key)) if key else (),
        size=request.page_size or USUAL_SIZE,
    )
