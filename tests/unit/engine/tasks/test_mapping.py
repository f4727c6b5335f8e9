"""A task is mapped over lists of one length, and told what else it was given."""

from typing import Any

import pytest

from penstock import task, unmapped
from penstock.engine.tasks.mapping import map_task
from penstock.exceptions import MappingLengthMismatch, MappingMissingIterable


@task
def add(left: Any, right: Any = 0) -> Any:
    return left + right


def test_lists_of_different_lengths_are_told_by_place_and_name() -> None:
    with pytest.raises(MappingLengthMismatch, match=r"add\.map .* lengths 0: 2, right: 3"):
        map_task(add, ([1, 2],), {"right": [1, 2, 3]})


@pytest.mark.parametrize("value", [1, "23", b"23", unmapped([2, 3])], ids=str)
def test_what_is_no_list_to_map_over_is_refused(value: Any) -> None:
    with pytest.raises(MappingMissingIterable, match=r"add\.map needs at least one list"):
        map_task(add, (1, value), {})


def test_an_empty_list_makes_no_call() -> None:
    assert list(map_task(add, ([], 1), {"wait_for": []})) == []
