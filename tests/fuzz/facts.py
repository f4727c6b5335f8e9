"""What a server has told so far: ids, names and tokens that later requests ask about.

What was told together stays together: a lease belongs to its run, and that to its namespace.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from fuzz.contract import Rpc, owner_of
from fuzz.values import SECONDS

# Fields by which a request speaks of what is there.
REFERENCE = re.compile(
    r"((^|_)ids?|names?|namespace|pools?|queues?|revision|fence|sha256|sequence|offset"
    r"|cursor|page_token)$"
)
TOKENS = ("page_token", "cursor")
LONGEST = 1_100
MOST_IN_ONE = 80
MOST = 300
MOST_PAGES = 12
SAMPLE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Of one call; `messages` holds bytes by the full name of their type."""

    values: Mapping[str, Any]
    messages: Mapping[str, bytes]

    def value(self, field: FieldDescriptor) -> Any:
        """Return what fits the field by its name, or None."""
        name = known_as(field)
        for key in (name, name.removesuffix("s")):
            if key in self.values:
                return self.values[key]
        ends = [key for key in self.values if name.removesuffix("s").endswith(f"_{key}")]
        return self.values[max(ends, key=len)] if ends else None

    def knows(self, field: FieldDescriptor) -> bool:
        kind = field.message_type
        return (
            self.value(field) is not None if kind is None else kind.full_name in self.messages
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request, and the token with which it may go on."""

    request: bytes
    field: str
    token: str


class Facts:
    """Remembers the newest ones."""

    def __init__(self) -> None:
        self._told: deque[Told] = deque(maxlen=MOST)
        self._shown: dict[str, deque[Shown]] = {}
        self._taken: dict[str, deque[bytes]] = {}
        self._unsupported: dict[str, set[str]] = {}

    def add(self, rpc: Rpc, request: Any, answer: Any) -> None:
        """Take what both messages say; the request was a good one."""
        told = _told(answer, request)
        if told.values:
            self._told.append(told)
        data = request.SerializeToString()
        self._taken.setdefault(rpc.path, deque(maxlen=MOST_PAGES)).append(data)
        for field in TOKENS:
            token = told.values.get(field, "")
            if token and field in rpc.request.fields_by_name:
                shown = Shown(request=data, field=field, token=token)
                self._shown.setdefault(rpc.path, deque(maxlen=MOST_PAGES)).append(shown)

    def leave_out(self, rpc: Rpc, path: str) -> None:
        """Note a field that this version does not know what to do with."""
        self._unsupported.setdefault(rpc.path, set()).add(re.sub(r"\[.*?\]", "", path))

    def unsupported(self, rpc: Rpc) -> Sequence[str]:
        return sorted(self._unsupported.get(rpc.path, ()))

    def about(self, rpc: Rpc, random: Random) -> Told | None:
        """Return what says most of what the request may be about, out of a few."""
        if not self._told:
            return None
        few = [
            self._told[-1 - int(len(self._told) * random.random() ** 2)] for _ in range(SAMPLE)
        ]
        return max(
            few, key=lambda told: sum(told.knows(each) for each in subjects(rpc.request))
        )

    def taken(self, rpc: Rpc, random: Random) -> bytes | None:
        """Return a request that this method has answered."""
        return random.choice(self._taken[rpc.path]) if rpc.path in self._taken else None

    def shown(self, rpc: Rpc, random: Random) -> Shown | None:
        return random.choice(self._shown[rpc.path]) if rpc.path in self._shown else None


@cache
def subjects(kind: Descriptor) -> Sequence[FieldDescriptor]:
    """The fields, also of messages in them, that name what a request is about."""
    found: list[FieldDescriptor] = []
    for field in kind.fields:
        if field.is_repeated or field.name in ("request_id", "namespace", *TOKENS):
            continue
        if field.message_type is None and REFERENCE.search(field.name):
            found.append(field)
        elif field.message_type is not None and field.message_type.name.endswith("Ref"):
            found += [field, *field.message_type.fields]
    return tuple(found)


def known_as(field: FieldDescriptor) -> str:
    """Return `flow_run_id` for the `id` of a FlowRun or FlowRunRef; for its `name` alike."""
    name = str(field.name)
    if name in ("id", "name"):
        owner = owner_of(field).name.removesuffix("Ref")
        return f"{re.sub(r'(?<!^)(?=[A-Z])', '_', owner).lower()}_{name}"
    return name.removeprefix("next_").removeprefix("watch_")


def _told(*messages: Any) -> Told:
    values: dict[str, Any] = {}
    parts: dict[str, bytes] = {}
    for message in messages:
        for field, value in _parts(message):
            if len(values) + len(parts) >= MOST_IN_ONE:
                break
            if field.message_type is not None:
                data = value.SerializeToString()
                if len(data) <= LONGEST:
                    parts.setdefault(field.message_type.full_name, data)
            elif REFERENCE.search(field.name) and value and _is_short(value):
                values.setdefault(known_as(field), value)
    return Told(values=values, messages=parts)


def _is_short(value: Any) -> bool:
    return not isinstance(value, str | bytes) or len(value) <= LONGEST


def _parts(message: Any) -> Iterator[tuple[FieldDescriptor, Any]]:
    """Every field at any depth, of lists the first few items; maps are left out."""
    for field, value in message.ListFields():
        kind = field.message_type
        if kind is not None and (kind.GetOptions().map_entry or kind.full_name in SECONDS):
            continue
        for each in value[:3] if field.is_repeated else [value]:
            yield field, each
            if kind is not None:
                yield from _parts(each)
