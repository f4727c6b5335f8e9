"""Runs are found and counted by what people say of them."""

import pytest

from fixtures_cli import Penstock


@pytest.fixture
def three(penstock: Penstock) -> Penstock:
    """Two runs of calc, of which one waits under a tag and a name, and one of bad."""
    penstock("run", "flows.py:calc", "-p", "x=1")
    penstock("run", "flows.py:bad")
    penstock("pool", "create", "mine")
    penstock("deploy", "flows.py:calc", "-n", "d", "--pool", "mine", "--tag", "daily")
    named = ("--tag", "late", "--name", "Calm-Sea")
    penstock("deployment", "run", "calc/d", "-p", "x=1", *named)
    return penstock


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ("", 3),
        ("--state failed", 1),
        ("--state failed --state SCHEDULED", 2),
        ("--flow calc", 2),
        ("--flow calc --flow bad", 3),
        ("--tag daily --tag late", 1),
        ("--tag daily --tag early", 0),
        ("--name calm-s", 1),
        ("--flow bad --name calm-s", 0),
    ],
)
def test_a_list_and_a_count_choose_alike(three: Penstock, options: str, count: int) -> None:
    words = options.split()
    assert len(three("flow-run", "ls", *words, "-o", "json").json) == count
    assert three("flow-run", "count", *words).out == f"{count}\n"
    assert three("flow-run", "count", *words, "-o", "json").json == [{"count": count}]


def test_counts_come_apart_with_the_most_first(three: Penstock) -> None:
    by_flow = three("flow-run", "count", "--by", "flow", "-o", "json").json
    assert by_flow == [{"flow_name": "calc", "count": 2}, {"flow_name": "bad", "count": 1}]
    by_both = three("flow-run", "count", "--by", "flow,state", "--state", "failed")
    assert [line.split() for line in by_both.out.splitlines()] == [
        ["Flow", "State", "Runs"],
        ["bad", "FAILED", "1"],
    ]
    by_queue = three("flow-run", "count", "--by", "queue", "-o", "json").json
    assert by_queue == [
        {"work_pool": "", "work_queue": "", "count": 2},
        {"work_pool": "mine", "work_queue": "default", "count": 1},
    ]
    [today] = three("flow-run", "count", "--by", "day", "-o", "json").json
    assert today["bucket_start_time"].endswith("T00:00:00Z")


def test_a_list_that_chooses_says_so_when_it_is_empty(penstock: Penstock) -> None:
    assert "penstock run FILE.py:FLOW" in penstock("flow-run", "ls").err
    assert penstock("flow-run", "ls", "--tag", "x").err == "no runs match\n"
    assert "penstock deploy FILE.py:FLOW" in penstock("deployment", "ls").err
    assert penstock("deployment", "ls", "--pool", "x").err == "no deployments match\n"
