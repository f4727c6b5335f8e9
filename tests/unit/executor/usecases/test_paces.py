"""How fast a cancel goes, by what the server says and by what this executor allows."""

from datetime import timedelta

import pytest

from penstockd.executor.rules.stopping import Pace
from penstockd.executor.usecases.fleet import Paces


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("grace", "terminate", "kill"), [(None, 5, 30), (25, 5, 30), (10, 2, 12), (100, 5, 30)]
)
def test_the_token_has_a_sixth_of_the_time(
    grace: float | None, terminate: float, kill: float
) -> None:
    told = None if grace is None else seconds(grace)
    assert Paces().cancel(told) == Pace(
        token=True, terminate_after=seconds(terminate), kill_after=seconds(kill)
    )
