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
        f'  File "{file}", line 23, in chained',
        '    raise RuntimeError("went wrong") from error',
    ]
    assert "caused by KeyError: 'a'" in shown
    assert "penstock/engine" not in out


def test_inspect_tells_what_tasks_were_given_and_by_whom(penstock: Penstock) -> None:
    penstock("run", "failing.py:graph")
    run = penstock.newest()
    out = penstock("flow-run", "inspect", run).out
    assert re.search(r"total-0 .*items from double-0, first from double-0, after double-1", out)
    assert "total-0 failed: ValueError: bad total 2, with first=2, items=[2]\n" in out
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
