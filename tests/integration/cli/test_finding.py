"""Runs and deployments are known by name, id, the first letters of one, or `latest`."""

from pathlib import Path

import pytest

from fixtures_cli import Penstock
from penstock.cli.finding import updated

NAMED = """
from penstock import flow

@flow(flow_run_name="{name}")
def named(name: str):
    return {"hello": name}
"""


@pytest.fixture
def two_runs(penstock: Penstock, tmp_path: Path) -> list[str]:
    """Return the ids of runs that are called one and two."""
    (tmp_path / "named.py").write_text(NAMED)
    found = []
    for name in ("one", "two"):
        assert penstock("run", "named.py:named", "-p", f"name={name}", "--quiet").code == 0
        found.append(penstock.newest())
    return found


def test_a_run_is_known_by_each_of_its_names(penstock: Penstock, two_runs: list[str]) -> None:
    one, two = two_runs
    for wanted, meant in [
        ("one", one),
        (one, one),
        (one.upper(), one),
        (one.replace("-", ""), one),
        (one[:18], one),
        (one[:-1].upper(), one),
        ("two", two),
        ("latest", two),
    ]:
        assert penstock("flow-run", "inspect", wanted, "-o", "json").json["id"] == meant, wanted


@pytest.mark.parametrize("wanted", ["on", "ONE", "", "zzzz", "0000", "ffff", "a----"])
def test_what_names_no_run_is_told(
    penstock: Penstock, two_runs: list[str], wanted: str
) -> None:
    penstock.refuses(["flow-run", "inspect", wanted], 4, "penstock flow-run ls")


def test_of_several_runs_that_are_meant_all_are_told(
    penstock: Penstock, two_runs: list[str]
) -> None:
    answer = penstock("flow-run", "delete", two_runs[0][:4])
    assert answer.code == 2
    assert all(
        f"{id} named/{name}" in answer.err
        for id, name in zip(two_runs, ("one", "two"), strict=True)
    )
    assert len(penstock("flow-run", "ls", "-o", "json").json) == 2


def test_runs_are_deleted_by_name_and_what_is_unknown_is_told(
    penstock: Penstock, two_runs: list[str]
) -> None:
    answer = penstock("flow-run", "delete", "one", "three", two_runs[0])
    assert answer.code == 4
    assert answer.out == f"Deleted flow run {two_runs[0]}\n"
    assert "'three'" in answer.err


def test_runs_are_chosen_by_when_they_were_created(
    penstock: Penstock, two_runs: list[str]
) -> None:
    assert len(penstock("flow-run", "ls", "--since", "1h", "-o", "json").json) == 2
    assert penstock("flow-run", "ls", "--since", "2999-01-01").err == "no runs match\n"
    assert penstock("flow-run", "count", "--since", "1d", "--name", "on").out == "1\n"


def test_a_result_is_printed_by_the_name_of_its_run(
    penstock: Penstock, two_runs: list[str]
) -> None:
    assert penstock("result", "one").json == {"hello": "one"}
    result_id = penstock("flow-run", "inspect", "two", "-o", "json").json["result_id"]
    assert penstock("result", result_id, "-o", "json").json == {"hello": "two"}


def test_a_python_object_is_loaded_only_when_that_is_asked(
    penstock: Penstock, tmp_path: Path
) -> None:
    code = "from penstock import flow\n@flow\ndef f():\n    return {1, 2}\n"
    (tmp_path / "sets.py").write_text(code)
    penstock("run", "sets.py:f", "--quiet")
    assert "a Python object of" in penstock("result", "latest").out
    assert penstock("result", "latest", "--load").out == "{1, 2}\n"


def test_a_run_without_a_result_says_so(penstock: Penstock) -> None:
    penstock("run", "flows.py:bad", "--quiet")
    penstock.refuses(["result", "latest"], 4, "is Failed and has no stored result")


def test_a_deployment_is_known_by_each_of_its_names(penstock: Penstock) -> None:
    assert penstock("pool", "create", "mine").code == 0
    penstock("deploy", "flows.py:calc", "-n", "d", "--pool", "mine")
    made = penstock("deploy", "flows.py:calc", "-n", "nightly", "--pool", "mine", "-o", "json")
    id = made.json["id"]
    for wanted in ("calc/nightly", "nightly", id, id[:18], "latest"):
        found = penstock("deployment", "inspect", wanted, "-o", "json").json
        assert found["id"] == id, wanted
    assert "takes: x, [y]\n" in penstock("deployment", "inspect", "nightly").out
    assert (
        penstock("deployment", "delete", "nightly").out == "Deleted deployment calc/nightly\n"
    )


def test_a_deployment_name_of_two_flows_is_told(penstock: Penstock) -> None:
    penstock("pool", "create", "mine")
    for flow in ("calc", "bad"):
        penstock("deploy", f"flows.py:{flow}", "-n", "d", "--pool", "mine")
    answer = penstock("deployment", "run", "d")
    assert answer.code == 2
    assert "calc/d" in answer.err
    assert "bad/d" in answer.err


def test_queues_are_made_and_deleted(penstock: Penstock) -> None:
    penstock("pool", "create", "mine")
    made = penstock("queue", "create", "mine", "urgent", "--priority", "2")
    assert made.out == "Created work queue urgent in work pool mine\n"
    queues = penstock("queue", "ls", "mine", "-o", "json").json
    assert {each["name"] for each in queues} == {"default", "urgent"}
    penstock.refuses(["queue", "create", "mine", "urgent"], 2, "urgent")
    deleted = penstock("queue", "delete", "mine", "urgent")
    assert deleted.out == "Deleted work queue urgent in work pool mine\n"
    penstock.refuses(["queue", "ls", "nowhere"], 4, "no work pool 'nowhere'")


def test_a_run_that_nobody_would_take_is_told_at_once(penstock: Penstock) -> None:
    penstock("pool", "create", "mine")
    penstock("deploy", "flows.py:calc", "-n", "d", "--pool", "mine")
    answer = penstock("deployment", "run", "d", "-p", "x=1")
    assert answer.code == 0
    assert "no worker serves work pool mine at the moment" in answer.err
    assert "`penstock up`" in answer.err


def test_without_an_executor_it_is_told_how_to_start_one(penstock: Penstock) -> None:
    assert "penstock executor start" in penstock("executor", "ls").err
    penstock.refuses(["executor", "ls", "--pool", "nowhere"], 4, "no work pool 'nowhere'")


def test_the_latest_deployment_is_the_one_of_the_latest_time() -> None:
    # As texts they are in the other order.
    earlier, later = "2026-01-31T08:00:05.123Z", "2026-01-31T08:00:05.123456Z"
    assert earlier > later
    rows = [{"update_time": time} for time in (later, earlier, "no time")]
    assert max(rows, key=updated)["update_time"] == later
