"""Programs that do what few do, and what is recorded of them all the same."""

import logging
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from integration.sdk.conftest import shown
from penstock import flow, task


def test_a_commit_hook_that_exits_leaves_a_journal_that_can_be_recorded(
    recorded: Any,
) -> None:
    @task
    def member() -> int:
        return 1

    @member.on_commit
    def leave(_transaction: object) -> None:
        sys.exit(3)

    @flow
    def leaving() -> None:
        member()

    with pytest.raises(SystemExit):
        leaving()
    run = recorded.newest()
    assert shown(run.state) == "Crashed"
    assert shown(recorded.task_runs(run.id)["member-0"].state) == "Completed"


def test_a_failure_that_cannot_be_logged_leaves_a_journal_that_can_be_recorded(
    recorded: Any, exhausted: None
) -> None:
    @task
    def breaking() -> None:
        raise ValueError("broken")

    @flow
    def hopeless() -> None:
        breaking()

    with pytest.raises(RecursionError):
        hopeless()
    run = recorded.newest()
    assert shown(run.state) == "Failed"
    assert shown(recorded.task_runs(run.id)["breaking-0"].state) == "Failed"


class Leaving:
    """A result that ends the program when it is to be kept."""

    def __reduce__(self) -> str:
        raise SystemExit(3)


def test_a_result_that_exits_while_it_is_kept_crashes_its_task(recorded: Any) -> None:
    @task
    def leave() -> Leaving:
        return Leaving()

    @flow
    def staying() -> None:
        with suppress(SystemExit):
            leave()

    staying()
    [run] = recorded.task_runs(recorded.newest().id).values()
    assert shown(run.state) == "Crashed"
    assert run.state.message == "Task run was interrupted: SystemExit: 3"


@pytest.fixture
def exhausted() -> Iterator[None]:
    """A task's end is logged where no frame is left for it."""

    def refuse(_record: logging.LogRecord) -> bool:
        raise RecursionError

    logger = logging.getLogger("penstock.task_runs")
    logger.addFilter(refuse)
    yield
    logger.removeFilter(refuse)


def test_stop_iteration_names_the_function_that_let_it_out(recorded: Any) -> None:
    @task
    def first_of(numbers: list[int]) -> int:
        return next(iter(numbers))

    @flow
    def empty() -> int:
        return first_of([])

    with pytest.raises(RuntimeError, match=r"^first_of raised StopIteration$") as caught:
        empty()
    assert isinstance(caught.value.__cause__, StopIteration)
    assert "first_of raised StopIteration" in recorded.newest().state.message


def test_a_template_with_an_unknown_field_is_told_with_what_there_is(recorded: Any) -> None:
    @flow(flow_run_name="at-{place}")
    def measured(litres: int) -> None: ...

    @task(task_run_name="at-{place}")
    def step(number: int) -> None: ...

    @flow
    def stepping() -> None:
        step(1)

    with pytest.raises(ValueError, match=r"unknown placeholder \{place\}.*flow_name, litres"):
        measured(1)
    assert recorded.flow_runs() == []
    with pytest.raises(ValueError, match=r"unknown placeholder \{place\}.*number"):
        stepping()
