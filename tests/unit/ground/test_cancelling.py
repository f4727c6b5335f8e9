"""A token says to a run, and to all that it began, that it is to stop."""

import pytest

from penstock.exceptions import CancelledRun
from penstock.ground.cancelling import CancelToken


def test_a_token_is_set_with_its_parents_and_tells_its_listeners() -> None:
    parent, told = CancelToken(), []
    child = CancelToken(parent)
    child.when_set(lambda: told.append(child.message))
    parent.cancel("enough")
    parent.cancel("again")
    assert told == ["enough"]
    with pytest.raises(CancelledRun, match="enough"):
        child.check()
