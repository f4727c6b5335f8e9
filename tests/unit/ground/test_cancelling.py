"""A token says to a run, and to all that it began, that it is to stop."""

import pytest

from penstock.ground.cancelling import CancelToken, RunStopped


def test_a_token_is_set_with_its_parents_and_tells_its_listeners() -> None:
    parent, told = CancelToken(), []
    child = CancelToken(parent)
    child.when_set(lambda: told.append(child.message))
    parent.cancel("enough")
    parent.cancel("again")
    assert told == ["enough"]
    with pytest.raises(RunStopped, match="enough"):
        child.check()


def test_who_is_forgotten_is_not_told() -> None:
    token, told = CancelToken(), []
    tell = lambda: told.append("stop")  # noqa: E731 - each lambda is another one
    token.when_set(tell)
    token.forget(tell)
    token.cancel()
    assert told == []
