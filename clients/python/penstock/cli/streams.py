"""Standard input, output and error as a command finds them: closed, full, or read by nobody."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def open_what_is_closed() -> None:
    """Let those lead nowhere that a shell closed, as `>&-` does.

    Else the next file to be opened, such as the store, would get the number of one.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, os.O_RDWR)
            # A server that takes this process over has them too.
            os.set_inheritable(opened, opened == number)
            mode = "w" if number else "r"
            setattr(sys, name, open(opened, mode))  # noqa: PTH123, SIM115 - until the end


def on_terminal() -> bool:
    """Tell whether people read the output at once."""
    return sys.stdout.isatty()


def drop_output() -> None:
    """Drop what standard output still holds, and all that is printed from now on."""
    drop(sys.stdout)


def drop(stream: TextIO) -> None:
    """Drop what the stream holds; the interpreter would try once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
