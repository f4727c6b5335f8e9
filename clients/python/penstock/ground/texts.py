"""Text of any origin, made fit for messages and databases."""

from __future__ import annotations

from collections.abc import Callable

CUT = "… (cut)"


def cut(text: str, longest: int) -> str:
    """Return the text as it can be carried; a longer one is cut and says so."""
    if len(text) > longest:
        text = f"{text[: longest - len(CUT)]}{CUT}"
    return carried(text)


def carried(text: str) -> str:
    """Return the text as messages and databases take it."""
    if not text.isascii():
        # Python's text may hold halves of characters, which no message can carry.
        text = text.encode(errors="replace").decode()
    # PostgreSQL keeps no zero in a text.
    return text.replace("\0", "\ufffd") if "\0" in text else text


def text_of(thing: object) -> str:
    """Return `str(thing)`, whatever its class does when it is asked."""
    return _asked(str, thing)


def repr_of(thing: object, longest: int = 200) -> str:
    """Return `repr(thing)`, whatever its class does when it is asked, cut if it is longer."""
    return cut(_asked(repr, thing), longest)


def _asked(ask: Callable[[object], str], thing: object) -> str:
    try:
        # A subclass of str may override what is called on the text later.
        return str.__str__(ask(thing))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - foreign code raises anything
        return f"<{name_of(type(thing))}, whose text raised {name_of(type(error))}>"


def name_of(kind: type) -> str:
    """Return a class's name without its module, running no code of its own."""
    return str(_own("__name__", kind))


def qualified_name_of(kind: type) -> str:
    """Return a class's name with its module, which is left out of Python's own classes.

    As with `name_of`, no code of the class is run.
    """
    module, name = _own("__module__", kind), _own("__qualname__", kind)
    if type(module) is not str or module == "builtins":
        return str(name)
    return f"{module}.{name}"


def _own(attribute: str, kind: type) -> object:
    # A metaclass may override both, so that reading them would run its code.
    return vars(type)[attribute].__get__(kind)
