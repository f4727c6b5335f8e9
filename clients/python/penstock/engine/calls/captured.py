"""What a function carries beside its source: an instance, arguments, closure values, defaults.

Two functions of one source are two steps if any of this differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from penstock.engine.calls.steps import written
from penstock.process.functions import code_text

# What nobody can change: it may be given out again as it is.
IMMUTABLE = frozenset((type(None), bool, int, float, complex, str, bytes))


def captured(fn: Any, referred: dict[int, Any]) -> bytes:
    """Return what tells the function from others of its source; empty if nothing can.

    An instance and the arguments of a `partial` count by value, as a call's own arguments do.
    So does what cannot change in a closure; a list in it, say, is a variable that functions
    share, and counts as long as it is the same one.

    Args:
        referred: keeps what counts by identity alive, so that nothing else gets its id.

    Raises:
        Unhashable: there is something, and nobody can say what.
    """
    if type(fn) is FunctionType and not _has_more(fn):
        return b""
    return b"".join(_parts(fn, referred, set()))


def _has_more(fn: FunctionType) -> bool:
    return bool(fn.__closure__ or fn.__defaults__ or fn.__kwdefaults__ or fn.__dict__)


def _parts(thing: Any, referred: dict[int, Any], seen: set[int]) -> Iterator[bytes]:
    """Yield parts; what leads back to itself is not followed again."""
    if id(thing) in seen:
        yield b"again;"
        return
    seen.add(id(thing))
    kind = type(thing)
    if kind is FunctionType:
        yield b"code:%b;" % code_text(thing.__code__)
        defaults = (*(thing.__defaults__ or ()), *(thing.__kwdefaults__ or {}).values())
        for each in (*defaults, *map(_content, thing.__closure__ or ())):
            yield from _shared(each, referred, seen)
    elif issubclass(kind, partial):
        yield b"partial:%b;" % written((thing.args, sorted(thing.keywords.items())))
        yield from _parts(thing.func, referred, seen)
    elif kind is MethodType:
        yield b"method:%b;" % written(thing.__self__)
        yield from _parts(thing.__func__, referred, seen)
    elif hasattr(kind, "__penstock_pickle__"):
        yield from _parts(thing.fn, referred, seen)
    else:
        yield b"object:%b;" % written(thing)


def _shared(value: Any, referred: dict[int, Any], seen: set[int]) -> Iterator[bytes]:
    kind = type(value)
    if kind in IMMUTABLE:
        yield b"value:%b;" % written(value)
    elif kind is tuple or kind is frozenset:
        yield b"%b(" % kind.__name__.encode()
        for each in value:
            yield from _shared(each, referred, seen)
        yield b")"
    elif kind is FunctionType or kind is MethodType or issubclass(kind, partial):
        yield from _parts(value, referred, seen)
    else:
        referred[id(value)] = value
        yield b"ref:%d;" % id(value)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        # A name that is bound only later.
        return None
