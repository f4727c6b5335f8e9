from datetime import timedelta

from penstockd.executor.rules.backoff import FIRST, LONGEST, full_jitter


def test_the_ceiling_doubles_with_each_failure() -> None:
    assert [full_jitter(failures, 1.0) / FIRST for failures in (1, 2, 3, 4)] == [1, 2, 4, 8]


def test_a_rest_is_never_longer_than_the_longest() -> None:
    assert full_jitter(10_000, 1.0) == LONGEST


def test_the_whole_range_is_used() -> None:
    assert full_jitter(3, 0.0) == timedelta(0)
    assert full_jitter(3, 0.5) == full_jitter(3, 1.0) / 2
