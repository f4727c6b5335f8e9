"""What ended a run badly, as people read it."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.cli.output import Row
from penstock.ground.printable import continued


def reason(row: Row) -> str:
    """Return in one text why a run or task run is in its state; empty if nobody said."""
    message: str = row["state"]["message"]
    return message or (headline(row["failure"]) if "failure" in row else "")


def headline(failure: Row) -> str:
    """Return `TYPE: message`, or what there is of it."""
    return ": ".join(part for part in (failure["error_type"], failure["message"]) if part)


def failure_lines(failure: Row) -> Iterator[str]:
    """Yield the error, its stack and inputs, then what caused it, nearest first."""
    yield from continued(headline(failure))
    yield from _stack(failure)
    if failure["inputs"]:
        yield f"  with {given(failure)}"
    for cause in failure["causes"]:
        yield from continued(f"caused by {headline(cause)}")
        yield from _stack(cause)


def _stack(failure: Row) -> Iterator[str]:
    """Yield its lines, indented, so that none can pass for the next cause."""
    for line in failure["stack"].split("\n") if failure["stack"] else ():
        yield line if line.startswith("  ") or not line else f"  {line}"


def stacks(failure: Row) -> tuple[str, ...]:
    """Return its own stack and those of its causes, by which equal failures are known."""
    return (failure["stack"], *(cause["stack"] for cause in failure["causes"]))


def given(failure: Row) -> str:
    """Return the inputs that were recorded with it, as a call shows them."""
    return ", ".join(f"{name}={text}" for name, text in failure["inputs"].items())
