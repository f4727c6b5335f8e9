"""The one place from which commands write: whatever they print is made fit for it here."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TextIO

import click

from penstock.cli.streams import drop
from penstock.ground.printable import (
    printable,
    printable_json,
    with_colours,
    without_colours,
)


class Styled(NamedTuple):
    """A text, and how it looks on a terminal; its own colours are kept if that is asked."""

    text: str
    colour: str = ""
    bold: bool = False
    dim: bool = False
    own_colours: bool = False


Part = str | Styled
Line = Sequence[Part]


class NobodyReads(Exception):
    """Whatever read the output is gone, such as `head` when it has enough."""


class OutputLost(Exception):
    """The output cannot be written, as on a disk that is full."""


def put(*parts: Part, err: bool = False) -> None:
    """Print one line, whatever its parts hold."""
    put_all([parts], err=err)


def put_all(lines: Iterable[Line], *, err: bool = False) -> None:
    """Print lines, each of which stays one line."""
    colours = _has_colours(sys.stderr if err else sys.stdout)
    text = "".join(f"{painted(line, colours=colours)}\n" for line in lines)
    if err:
        _complain(text)
    else:
        _write(text)


def painted(line: Line, *, colours: bool) -> str:
    """Return a line as a terminal gets it, with colours or without."""
    return "".join(_painted(part, colours=colours) for part in line)


def plain(part: Part) -> str:
    """Return what people see of a part."""
    if isinstance(part, str):
        return printable(part)
    return without_colours(part.text) if part.own_colours else printable(part.text)


def print_json(value: Any) -> None:
    """Print one value, over many lines."""
    _write(f"{_json(value, indent=2)}\n")


def print_json_line(value: Any) -> None:
    """Print one value of a stream, to be read before the next one is there."""
    _write(f"{_json(value)}\n")


def print_json_list(pages: Iterable[Sequence[Any]]) -> None:
    """Print an array as its items come, one a line."""
    _write_list("", pages)
    _write("\n")


def print_json_object(
    fields: Mapping[str, Any], lists: Mapping[str, Iterable[Sequence[Any]]]
) -> None:
    """Print an object whose last fields are arrays, which are printed as their items come."""
    # Who asks for what does not exist is told before anything is printed.
    head = _json(fields, indent=2).removesuffix("\n}")
    for name, pages in lists.items():
        _write_list(f"{head},\n  {_json(name)}: ", pages)
        head = ""
    _write("\n}\n")


def settle() -> None:
    """Write out what programs have printed without us."""
    _write("")


def _write_list(head: str, pages: Iterable[Sequence[Any]]) -> None:
    before = f"{head}[\n"
    for page in pages:
        if page:
            _write(before + ",\n".join(map(_json, page)))
            before = ",\n"
    _write(f"{head}[]" if before.endswith("[\n") else "\n]")


def _json(value: Any, *, indent: int | None = None) -> str:
    if not _is_unicode(sys.stdout):
        return json.dumps(value, indent=indent)
    return printable_json(json.dumps(value, indent=indent, ensure_ascii=False))


def _painted(part: Part, *, colours: bool) -> str:
    if isinstance(part, str) or not colours:
        return plain(part)
    text = with_colours(part.text) if part.own_colours else plain(part)
    look = {"fg": part.colour or None, "bold": part.bold or None, "dim": part.dim or None}
    return click.style(text, **look) if any(look.values()) else text  # type: ignore[arg-type]


def _has_colours(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR")


def _is_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").startswith("utf")


def _sayable(stream: TextIO, text: str) -> str:
    """Return the text with escapes for what the stream has no letters for."""
    if _is_unicode(stream) or text.isascii():
        return text
    encoding = stream.encoding or "ascii"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _write(text: str) -> None:
    """Write to standard output, now.

    Raises:
        NobodyReads: its reader is gone.
        OutputLost: it takes nothing.
    """
    try:
        sys.stdout.write(_sayable(sys.stdout, text))
        sys.stdout.flush()
    except BrokenPipeError:
        raise NobodyReads from None
    except OSError as error:
        raise OutputLost(error.strerror or str(error)) from None


def _complain(text: str) -> None:
    """Write to standard error; there is nobody to tell if that fails."""
    try:
        sys.stderr.write(_sayable(sys.stderr, text))
        sys.stderr.flush()
    except OSError:
        drop(sys.stderr)
