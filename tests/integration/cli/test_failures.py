"""A failure is shown with its type, its text, the user's frames and what led to it."""

import re
from pathlib import Path

import pytest

from fixtures_cli import Penstock

FLOWS = """
from penstock import flow, task
from pydantic import SecretStr

@task
def double(x):
    return 2 * x

@task
def total(items, first):
    raise ValueError(f"bad total {first}")

@flow
def graph():
    one = double.submit(1)
    total.submit([one], first=one, wait_for=[double.submit(2)])

@task
def half(x):
    return total.fn([x], 1 / (x - 1)) if x > 1 else x / (x - 1)

@flow
def survives():
    try:
        half(1)
    except ZeroDivisionError:
        pass
    half.map([2, 2, 0])
    half.submit(1)
    half(1, return_state=True)

@task(retries=1)
def warms_up(seen):
    if not seen:
        seen.append(1)
        raise KeyError("cold")

@flow
def recovers():
    seen = []
    warms_up(seen)

@flow
def chained():
    try:
        {}["a"]
    except KeyError as error:
        raise RuntimeError("went wrong") from error

@flow
def guarded(token: SecretStr):
    raise ValueError(f"{token} is refused")
"""


@pytest.fixture(autouse=True)
def files(penstock: Penstock) -> None:
    Path("failing.py").write_text(FLOWS)


def test_inspect_shows_the_stack_of_the_users_frames_and_the_cause(penstock: Penstock) -> None:
    assert penstock("run", "failing.py:chained").code == 1
    out = penstock("flow-run", "inspect", penstock.newest()).out
    shown = out[out.index("failure: ") :].splitlines()
    file = Path("failing.py").absolute()
    assert shown[:3] == [
        "failure: RuntimeError: went wrong",
        f'  File "{file}", line 48, in chained',
        '    raise RuntimeError("went wrong") from error',
    ]
    assert "caused by KeyError: 'a'" in shown
    assert "penstock/engine" not in out


def test_a_failure_that_a_flow_survives_is_told_with_the_frames_of_its_task(
    penstock: Penstock,
) -> None:
    assert penstock("run", "failing.py:survives").code == 0
    out = penstock("flow-run", "inspect", penstock.newest()).out
    file = Path("failing.py").absolute()
    caught = f'half-0 failed: ZeroDivisionError: division by zero\n  File "{file}", line 20'
    assert f"{caught}, in half\n    return total" in out
    # Mapped: its own stack goes through another function.
    assert re.search(
        r"half-1 failed: ValueError: bad total 1.0\n.*in half\n(.*\n){1,2}.*in total\n", out
    )
    assert (
        "half-2 failed: ValueError: bad total 1.0, with x=2, at the same place "
        "as half-1\n" in out
    )
    # Never awaited, and asked for its state.
    for name in ("half-4", "half-5"):
        assert (
            f"{name} failed: ZeroDivisionError: division by zero, with x=1, at the same place "
            "as half-0\n" in out
        )
    assert "half-3 failed" not in out
    assert "penstock/engine" not in out
    logged = penstock("flow-run", "logs", penstock.newest()).out
    assert logged.count(f'  File "{file}", line 20, in half\n') == 5, logged


def test_an_attempt_that_was_not_the_last_is_logged_with_its_frames(penstock: Penstock) -> None:
    assert penstock("run", "failing.py:recovers").code == 0
    logged = penstock("flow-run", "logs", penstock.newest()).out
    assert re.search(r"KeyError: 'cold'; retry 1 of 1 in 0 s\n.*in warms_up\n", logged)


def test_inspect_tells_what_tasks_were_given_and_by_whom(penstock: Penstock) -> None:
    penstock("run", "failing.py:graph")
    run = penstock.newest()
    out = penstock("flow-run", "inspect", run).out
    assert re.search(r"total-0 .*items from double-0, first from double-0, after double-1", out)
    assert "total-0 failed: ValueError: bad total 2\n" in out
    assert "\n  with first=2, items=[2]\n" in out
    tasks = penstock("flow-run", "inspect", run, "-o", "json").json["task_runs"]
    [total] = [task for task in tasks if task["name"] == "total-0"]
    edges = {(edge["kind"], edge["parameter"]) for edge in total["upstream"]}
    assert edges == {("DATA", "items"), ("DATA", "first"), ("WAIT", "")}


def test_a_watch_ends_with_the_failure(penstock: Penstock) -> None:
    penstock("run", "failing.py:chained")
    answer = penstock("flow-run", "watch", penstock.newest())
    assert answer.code == 1
    assert answer.err.startswith("RuntimeError: went wrong\n  File ")
    [run] = penstock("flow-run", "watch", penstock.newest(), "-o", "json").lines
    assert run["failure"]["error_type"] == "RuntimeError"


def test_no_command_prints_a_secret(penstock: Penstock) -> None:
    answers = [penstock("run", "failing.py:guarded", "-p", "token=hunter2")]
    run = penstock.newest()
    for command in ("inspect", "watch", "logs"):
        answers.append(penstock("flow-run", command, run))
        answers.append(penstock("flow-run", command, run, "-o", "json"))
    answers.append(penstock("flow-run", "ls", "-o", "json"))
    penstock("pool", "create", "mine")
    deploy = ("deploy", "failing.py:guarded", "-n", "d", "--pool", "mine")
    refused = penstock(*deploy, "-p", "token=hunter2")
    assert (refused.code, "leave out token" in refused.err) == (2, True)
    answers.append(refused)
    assert [it for it in answers if "hunter2" in it.out + it.err] == []
    assert '"token": "**********"' in penstock("flow-run", "inspect", run).out
