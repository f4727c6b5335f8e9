"""What the judge of the chaos says of ledgers in which something is wrong."""

from collections.abc import Sequence
from itertools import starmap

import pytest

from chaos.judging import LEFT, LOST, TWICE, WRONG, judge
from chaos.ledger import Entry, Ledger

STRUCK = {"struck": "executor killed"}


def entry(what: str, run: str = "r", attempt: int = 1, **more: str) -> Entry:
    return Entry(what=what, place="embedded 1", pid=7, run=run, attempt=attempt, **more)


def body(run: str) -> list[Entry]:
    return [
        entry("begin", run),
        entry("step", run, task_run=f"{run}-1"),
        entry("end", run),
        entry("returned", run),
    ]


def kinds(
    entries: Sequence[Entry], states: dict[str, str], *left: str, killed: int = 0
) -> list[str]:
    ledger = Ledger(tuple(entries))
    found = judge(ledger, states, excused=STRUCK, killed=killed, left_behind=left)
    return [finding.kind for finding in found]


def test_what_went_well_is_not_blamed() -> None:
    assert kinds(body("r"), {"r": "COMPLETED"}) == []


@pytest.mark.parametrize(
    ("entries", "state", "kind"),
    [
        pytest.param(body("r"), "CRASHED", LOST, id="returned, and crashed in the store"),
        pytest.param(
            [*body("r"), entry("begin", "r")], "COMPLETED", TWICE, id="two bodies of an attempt"
        ),
        pytest.param(
            [*body("r"), entry("step", "r", task_run="r-1")],
            "COMPLETED",
            TWICE,
            id="two bodies of a task",
        ),
        pytest.param([entry("begin")], "CRASHED", WRONG, id="crashed, and nobody struck"),
        pytest.param([entry("begin")], "FAILED", WRONG, id="failed"),
        pytest.param([entry("begin")], "RUNNING", LEFT, id="never ended"),
        pytest.param(
            [entry("begin"), entry("raised", detail="StorageFull: full")],
            "COMPLETED",
            WRONG,
            id="refused after it had begun",
        ),
        pytest.param(
            [entry("raised", detail="KeyError: 1")], "COMPLETED", WRONG, id="a bug raised"
        ),
    ],
)
def test_a_planted_fault_is_found(entries: list[Entry], state: str, kind: str) -> None:
    assert kind in kinds(entries, {"r": state})


def test_what_is_in_no_store_is_lost() -> None:
    assert kinds([entry("begin"), entry("end")], {}) == [LOST]


def test_what_was_struck_may_crash_but_not_fail_to_end() -> None:
    assert kinds([entry("begin", "struck")], {"struck": "CRASHED"}) == []
    assert kinds([entry("begin", "struck")], {"struck": "RUNNING"}) == [LEFT]


def test_a_second_attempt_is_no_second_body() -> None:
    entries = [*starmap(entry, [("begin", "struck", 1), ("begin", "struck", 2)])]
    assert kinds(entries, {"struck": "COMPLETED"}) == []


def test_a_flow_may_be_refused_before_it_begins() -> None:
    refused = entry("raised", "", detail="StorageFull: the disk is full")
    assert kinds([*body("r"), refused, refused], {"r": "COMPLETED"}) == []


def test_a_process_that_stays_is_left_behind() -> None:
    assert kinds([], {}, "a service: process 7 is still there") == [LEFT]


def test_a_killed_program_may_have_made_one_run_that_had_not_begun() -> None:
    assert kinds([], {"a": "CRASHED"}, killed=1) == []
    assert kinds([], {"a": "CRASHED", "b": "CRASHED"}, killed=1) == [WRONG]
    assert kinds([entry("begin", "a")], {"a": "CRASHED"}, killed=1) == [WRONG]
