"""What can be deleted, what is refused, and what becomes of those who watch."""

import threading

import pytest

from fixtures_cli import Penstock
from penstock.cli.services import ask, part
from penstock.client.flow_runs import FlowRuns

UNKNOWN = "11111111-1111-7111-8111-111111111111"


@pytest.fixture
def waiting(penstock: Penstock) -> str:
    """A run of calc/d, which nobody takes."""
    penstock("pool", "create", "mine")
    penstock("deploy", "flows.py:calc", "-n", "d", "--pool", "mine")
    made = penstock("deployment", "run", "calc/d", "-p", "x=1", "-o", "json").json
    return str(made["flow_run_id"])


def test_a_run_that_has_ended_is_deleted_with_its_log(penstock: Penstock) -> None:
    penstock("run", "flows.py:calc", "-p", "x=1")
    run = penstock.newest()
    assert penstock("flow-run", "delete", run).out == f"Deleted flow run {run}\n"
    assert penstock("flow-run", "ls", "-o", "json").json == []
    assert penstock("flow-run", "logs", run).code == 4


def test_a_run_that_has_not_ended_is_left_unless_it_may_be_cancelled(
    penstock: Penstock, waiting: str
) -> None:
    refused = penstock("flow-run", "delete", waiting)
    assert (refused.code, "use --cancel to cancel it first" in refused.err) == (2, True)
    assert penstock("flow-run", "delete", waiting, "--cancel").code == 0
    assert penstock("flow-run", "inspect", waiting).code == 4


def test_each_run_is_deleted_on_its_own(penstock: Penstock, waiting: str) -> None:
    penstock("run", "flows.py:later", "-p", "x=1")
    ended = penstock.newest()
    answer = penstock("flow-run", "delete", UNKNOWN, waiting, ended, ended, "-o", "json")
    assert [each["outcome"] for each in answer.json] == ["NOT_FOUND", "IN_USE", "DELETED"]
    assert answer.code == 2
    assert penstock("flow-run", "delete", UNKNOWN).code == 4


def test_more_than_fit_into_one_request_are_refused(penstock: Penstock) -> None:
    ids = [f"11111111-1111-7111-8111-{number:012}" for number in range(251)]
    answer = penstock("flow-run", "delete", *ids)
    assert (answer.code, "251 runs are too many: delete at most 250" in answer.err) == (2, True)
    assert penstock("flow-run", "delete", *ids[1:]).code == 4


def test_a_deployment_goes_with_its_runs_only_when_asked(
    penstock: Penstock, waiting: str
) -> None:
    refused = penstock("deployment", "delete", "calc/d")
    assert (refused.code, "(use --cancel)" in refused.err) == (2, True)
    assert "Cancelled 1 run of it" in penstock("deployment", "delete", "calc/d", "--cancel").out
    assert penstock("deployment", "delete", "calc/d").code == 4
    [run] = penstock("flow-run", "ls", "-o", "json").json
    assert (run["id"], run["state"]["state_type"]) == (waiting, "CANCELLED")


def test_a_deployment_is_named_by_its_id_too(penstock: Penstock) -> None:
    penstock("pool", "create", "mine")
    made = penstock("deploy", "flows.py:calc", "-n", "d", "--pool", "mine", "-o", "json").json
    assert penstock("deployment", "run", made["id"], "-p", "x=1").code == 0
    deleted = penstock("deployment", "delete", made["id"], "--cancel", "-o", "json").json
    assert (deleted["deployment"]["name"], deleted["cancelled_runs"]) == ("d", 1)


def test_a_pool_in_use_says_by_what(penstock: Penstock, waiting: str) -> None:
    refused = penstock("pool", "delete", "mine")
    assert refused.code == 2
    assert "deployments (1)" in refused.err
    penstock("deployment", "delete", "calc/d", "--cancel")
    assert penstock("pool", "delete", "mine").out == "Deleted work pool mine\n"
    assert penstock("pool", "delete", "mine").code == 4
    assert penstock("pool", "ls", "-o", "json").json == []


def test_who_watches_a_run_that_is_deleted_is_told(penstock: Penstock, waiting: str) -> None:
    def delete() -> None:
        ask(part(FlowRuns).delete([waiting], cancel=True))

    deletion = threading.Timer(0.5, delete)
    deletion.start()
    answer = penstock("flow-run", "watch", waiting)
    deletion.join()
    assert (answer.code, f"no flow run {waiting}" in answer.err) == (4, True)
