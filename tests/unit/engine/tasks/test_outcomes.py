"""A step is not run again if somebody knows its outcome: the first who does is believed."""

from collections.abc import Iterator
from typing import Any

import pytest

from penstock import task
from penstock.engine.contexts import TaskRunContext
from penstock.engine.drives import BLOCKING, run_blocking
from penstock.engine.tasks import outcomes
from penstock.engine.tasks.outcomes import Outcome, known_outcome
from penstock.engine.tasks.task_runs import run_task
from unit.engine.runs import Journal, a_flow_run, a_journal, a_task_run

CALLS: list[int] = []


@task
def double(number: int) -> int:
    CALLS.append(number)
    return 2 * number


@pytest.fixture
def journal() -> Iterator[Journal]:
    CALLS.clear()
    with a_journal() as made:
        yield made


def a_source(asked: list[str], name: str, outcome: Outcome | None) -> outcomes.Source:
    async def ask(_context: TaskRunContext) -> Outcome | None:
        asked.append(name)
        return outcome

    return ask


def test_sources_are_asked_in_order_until_one_knows(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    sources = (
        a_source(asked, "process", None),
        a_source(asked, "steps", (None,)),
        a_source(asked, "cache", (7,)),
    )
    monkeypatch.setattr(outcomes, "SOURCES", sources)
    context = a_task_run(double, a_flow_run(journal), 4)
    assert run_blocking(known_outcome(context)) == (None,)
    assert asked == ["process", "steps"]


def test_a_step_of_an_earlier_attempt_is_not_run_again(journal: Journal) -> None:
    run = a_flow_run(journal, retries=1)
    first = a_task_run(double, run, 4)
    assert run_blocking(run_task(first, BLOCKING)) == (8, None)
    again = a_task_run(double, run, 4)
    again.finished_before = True
    assert run_blocking(run_task(again, BLOCKING)) == (8, None)
    assert CALLS == [4]
    assert len(journal.moves()) == 2


@pytest.mark.parametrize("retries", [0, 1])
def test_what_nobody_knows_runs(journal: Journal, retries: int) -> None:
    context: Any = a_task_run(double, a_flow_run(journal, retries=retries), 4)
    assert run_blocking(known_outcome(context)) is None
    assert run_blocking(run_task(context, BLOCKING)) == (8, None)
    assert CALLS == [4]
