"""A loop that goes on when user code has closed its descriptors."""

import os
from contextlib import closing

from penstock.ground.lasting_loop import LastingLoop


def test_a_socket_that_was_closed_just_before_it_is_read_raises_nothing() -> None:
    with closing(LastingLoop()) as loop:
        number = loop._ssock.fileno()  # type: ignore[attr-defined]
        kept = os.dup(number)
        os.close(number)
        loop._read_from_self()
        # Else the loop could not close what it has.
        os.dup2(kept, number)
        os.close(kept)
