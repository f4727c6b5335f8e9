"""Values of the user's as bytes, and back.

What JSON can say exactly is JSON, so that any language can read it; the rest is pickled.
"""

from __future__ import annotations

import io
import json
from typing import Any, NamedTuple

from penstock.exceptions import MissingResult, PenstockError

JSON = "application/json"
PICKLE = "application/x-cloudpickle"
INLINE_LIMIT = 65_536
_SCALARS = frozenset((type(None), bool, int, float, str))


class Encoded(NamedTuple):
    """A value as bytes, and how to read them."""

    content_type: str
    data: bytes


class CannotPickle(PenstockError):
    """The value cannot be turned into bytes: return something that can, or a reference."""


NONE = Encoded(JSON, b"null")


def encode(value: object, limit: int | None = INLINE_LIMIT) -> Encoded | None:
    """Return the value as bytes, or nothing if they are more than the limit.

    Raises:
        CannotPickle: neither JSON nor pickle can say it.
    """
    if value is None:
        return NONE
    encoded = _plain(value) if type(value) in _SCALARS else _pickled(value, limit)
    if encoded is None or (limit is not None and len(encoded.data) > limit):
        return None
    return encoded


def encode_parameters(parameters: dict[str, Any]) -> Encoded:
    """Return a call's arguments as bytes; what cannot be said stands as its repr."""
    if all(is_plain(value) for value in parameters.values()):
        return Encoded(
            JSON, json.dumps(parameters, ensure_ascii=False).encode(errors="replace")
        )
    try:
        return _pickled(parameters, None) or NONE
    except CannotPickle:
        shown = {name: _shown(value) for name, value in parameters.items()}
        return Encoded(JSON, json.dumps(shown, ensure_ascii=False).encode(errors="replace"))


def decode(content_type: str, data: bytes) -> Any:
    """Return the value that the bytes say.

    Raises:
        MissingResult: nobody here can read this content type.
    """
    if content_type == JSON:
        return json.loads(data)
    if content_type == PICKLE:
        import pickle

        return pickle.loads(data)  # noqa: S301 - written by this namespace's own processes
    raise MissingResult(f"content of type {content_type} cannot be read here")


def is_plain(value: object) -> bool:
    """Tell whether JSON says the value exactly, so that it comes back the same."""
    kind = type(value)
    if kind in _SCALARS:
        return not (kind is float and value - value != 0)  # type: ignore[operator]
    if kind is list:
        return all(is_plain(each) for each in value)  # type: ignore[attr-defined]
    if kind is dict:
        items = value.items()  # type: ignore[attr-defined]
        return all(type(key) is str and is_plain(each) for key, each in items)
    return False


def _plain(value: object) -> Encoded | None:
    try:
        return Encoded(JSON, json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except (ValueError, UnicodeEncodeError):
        return _pickled(value, None)


def _pickled(value: object, limit: int | None) -> Encoded | None:
    import cloudpickle  # type: ignore[import-untyped]

    sink = BoundedSink(limit)
    try:
        cloudpickle.Pickler(sink, protocol=5).dump(value)
    except Full:
        return None
    except Exception as error:
        raise CannotPickle(f"{_shown(value)} cannot be pickled: {error}") from error
    return Encoded(PICKLE, sink.getvalue())


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - the same
        text = f"a {type(value).__qualname__}"
    return text if len(text) <= 200 else f"{text[:197]}..."


class Full(Exception):
    """There are more bytes than were wanted."""


class BoundedSink(io.BytesIO):
    """Takes bytes up to a limit, so that nobody pickles a gigabyte to throw it away."""

    def __init__(self, limit: int | None) -> None:
        super().__init__()
        self._left = limit

    def write(self, data: Any) -> int:
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise Full
        return super().write(data)
