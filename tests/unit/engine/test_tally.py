"""Task runs are counted from any thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from penstock.engine.tally import Tally


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        (0, 0, "0 tasks"),
        (1, 0, "1 task"),
        (199, 4, "203 tasks, 4 failed"),
        (0, 1, "1 task, 1 failed"),
    ],
)
def test_a_tally_says_how_many(good: int, bad: int, said: str) -> None:
    tally = Tally()
    with ThreadPoolExecutor(4) as pool:
        for is_bad in good * [False] + bad * [True]:
            pool.submit(tally.add, bad=is_bad)
    assert tally.said() == said
