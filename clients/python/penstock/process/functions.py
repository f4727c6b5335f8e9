"""Functions as other processes see them: under a name of a module, or as text of a source."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from hashlib import sha256
from operator import attrgetter
from types import CodeType
from typing import Any

DIGEST_BYTES = 16
# Each process has another program under these names.
OWN_PROGRAM = ("__main__", "__mp_main__")


def at_its_name(thing: Any) -> Any:
    """Return what others get by the thing's module and name; None if they get nothing."""
    if thing.__module__ in OWN_PROGRAM:
        return None
    try:
        return attrgetter(thing.__qualname__)(sys.modules.get(thing.__module__))
    except AttributeError:
        return None


def source_digest(fn: Callable[..., Any]) -> bytes:
    """Return the digest of a function's source text, or of its byte code if there is none."""
    code = getattr(fn, "__code__", None)
    try:
        source = inspect.getsource(fn).encode(errors="surrogatepass")
    except (OSError, TypeError, SyntaxError):
        source = b""
    if isinstance(code, CodeType) and (not source or code.co_name == "<lambda>"):
        # Several lambdas may stand on the lines that are their source.
        source += code_text(code)
    if not source:
        return b""
    return sha256(source).digest()[:DIGEST_BYTES]


def code_text(code: CodeType) -> bytes:
    """Return what a function does, without where it stands."""
    constants = [
        code_text(each) if isinstance(each, CodeType) else repr(each).encode(errors="replace")
        for each in code.co_consts
    ]
    return b"%b%b%b" % (code.co_code, repr(code.co_names).encode(), b",".join(constants))
