"""Each command on a real embedded store: what it prints and how it exits."""

import re
import threading
from pathlib import Path

import pytest

from fixtures_cli import Penstock
from penstock.cli.services import ask, ask_pages, part
from penstock.client.flow_runs import FlowRuns
from penstock.client.process_connection import process_connection
from penstock.client.selection import Selection

UNKNOWN = "11111111-1111-7111-8111-111111111111"
SNAKE = re.compile(r"[a-z][a-z0-9_]*")

REFUSED = [
    (["flow-run", "inspect", UNKNOWN], 4, f"no flow run {UNKNOWN}"),
    (["flow-run", "watch", UNKNOWN], 4, f"no flow run {UNKNOWN}"),
    (["flow-run", "logs", UNKNOWN], 4, f"no flow run {UNKNOWN}"),
    (["flow-run", "cancel", UNKNOWN], 4, f"no flow run {UNKNOWN}"),
    (["deployment", "run", "a/b"], 4, "no deployment a/b"),
    (["deployment", "run", UNKNOWN], 4, f"no deployment {UNKNOWN}"),
    (["deploy", "flows.py:calc", "-n", "d", "--pool", "nowhere"], 4, "no work pool 'nowhere'"),
    (["pool", "create", "a b"], 2, "Work pool names take letters"),
    (["flow-run", "inspect", "abc"], 4, "no flow run has the name 'abc'"),
    (["flow-run", "delete", "abc"], 4, "no flow run has the name 'abc'"),
    (["flow-run", "logs", "latest"], 4, "there are no flow runs yet"),
    (["deployment", "inspect", "latest"], 4, "there are no deployments yet"),
    (["result", "nothing"], 4, "no flow run has the name 'nothing'"),
    (["deployment", "run", "ab"], 4, "no deployment has the name 'ab'"),
    (["pool", "workers", "nowhere"], 4, "no work pool 'nowhere'"),
    (["run", "flows.py:calc"], 2, "calc() needs argument 'x': it takes (x: int"),
    (["run", "flows.py:calc", "x=1"], 2, "did you mean --param x=1?"),
    (["run", "flows.py:calc", "-p", "x=1", "-p", "z=3"], 2, "no parameter z"),
    (["run", "flows.py:calc", "-p", "x=one"], 1, "x must be an integer, not 'one' (str)"),
    (["run", "flows.py:bad"], 1, "ValueError: boom went off"),
]


@pytest.mark.parametrize(("arguments", "code", "text"), REFUSED, ids=lambda it: str(it)[:60])
def test_what_is_wrong_is_said_with_its_exit_code(
    penstock: Penstock, arguments: list[str], code: int, text: str
) -> None:
    penstock.refuses(arguments, code, text)


def test_a_refused_call_makes_no_run(penstock: Penstock) -> None:
    penstock("run", "flows.py:calc", "-p", "z=3")
    assert penstock("flow-run", "ls", "-o", "json").json == []


def test_in_a_pipe_a_run_prints_what_it_returned_and_no_more(penstock: Penstock) -> None:
    answer = penstock("run", "flows.py:calc", "-p", "x=1")
    assert answer.code == 0
    assert answer.out == "3\n"


@pytest.mark.parametrize(
    ("signature", "pairs", "printed"),
    [
        ("**got", ["z=1", "got=2"], "{'z': 1, 'got': 2}"),
        ("*got: int", ["got=[1, 2]"], "(1, 2)"),
        ("got, /", ["got=x"], "x"),
        ("a, b=2, /, *got, **more", ["a=1", "got=[3]", "more=4"], "(3,)"),
    ],
)
def test_arguments_of_every_kind_are_given_by_name(
    penstock: Penstock, tmp_path: Path, signature: str, pairs: list[str], printed: str
) -> None:
    source = f"from penstock import flow\n@flow\ndef f({signature}): return got\n"
    (tmp_path / "kinds.py").write_text(source)
    given = [word for pair in pairs for word in ("-p", pair)]
    assert penstock("run", "kinds.py:f", *given).out == f"{printed}\n"


@pytest.mark.parametrize(
    ("deployment", "pair", "code", "text"),
    [
        ("calc/d", "z=1", 2, "the flow has no parameter 'z': it takes x"),
        ("calc/d", "x=one", 2, "parameter 'x' must be integer, not string"),
        ("calc/e", "x=1", 4, "no deployment calc/e in default: `penstock deployment ls`"),
        ("clac", "x=1", 4, "no deployment has the name 'clac'"),
        ("a/b/c", "x=1", 2, "'a/b/c' must be FLOW/DEPLOYMENT"),
    ],
)
def test_a_run_of_a_deployment_that_cannot_be_made_is_told(
    penstock: Penstock, deployment: str, pair: str, code: int, text: str
) -> None:
    penstock("pool", "create", "p")
    assert penstock("deploy", "flows.py:calc", "-n", "d", "--pool", "p").code == 0
    penstock.refuses(["deployment", "run", deployment, "-p", pair], code, text)
    assert penstock("flow-run", "ls", "-o", "json").json == []


def test_a_failed_run_says_why_and_what_was_undone(penstock: Penstock) -> None:
    answer = penstock("run", "flows.py:bad")
    assert answer.out == ""
    assert "ValueError: boom went off" in answer.err
    assert "RolledBack" in penstock("flow-run", "inspect", "latest").out
    assert "penstock/engine" not in answer.err


def test_an_async_flow_is_run_too(penstock: Penstock) -> None:
    assert penstock("run", "flows.py:later", "-p", "x=1").code == 0
    assert (
        penstock("flow-run", "ls", "-o", "json").json[0]["state"]["state_type"] == "COMPLETED"
    )


def test_readers_print_json_in_snake_case_and_nothing_else(penstock: Penstock) -> None:
    penstock("pool", "create", "mine", "-o", "json")
    assert penstock("deploy", "flows.py:calc", "-n", "d", "--pool", "mine", "-o", "json").json
    made = penstock("deployment", "run", "calc/d", "-p", "x=1", "-o", "json").json
    run = made["flow_run_id"]
    for arguments in (
        ("flow-run", "ls"),
        ("flow-run", "inspect", run),
        ("flow-run", "logs", run),
        ("flow-run", "cancel", run),
        ("flow-run", "count", "--by", "state,flow"),
        ("flow-run", "delete", run),
        ("deployment", "ls"),
        ("deployment", "delete", "calc/d"),
        ("pool", "ls"),
        ("pool", "workers", "mine"),
        ("pool", "delete", "mine"),
        ("doctor",),
        ("version",),
    ):
        answer = penstock(*arguments, "-o", "json")
        assert answer.code == 0
        assert not [key for key in keys_of(answer.json) if not SNAKE.fullmatch(key)]


def test_a_run_that_waits_is_cancelled_at_once(penstock: Penstock) -> None:
    penstock("pool", "create", "mine")
    penstock("deploy", "flows.py:calc", "-n", "d", "--pool", "mine")
    run = penstock("deployment", "run", "calc/d", "-p", "x=1", "-o", "json").json["flow_run_id"]
    assert penstock("flow-run", "cancel", run).out == "The run is Cancelled.\n"
    again = penstock("flow-run", "cancel", run)
    assert again.out == "The run had already ended: it is Cancelled.\n"
    assert penstock("flow-run", "cancel", run, "--watch").code == 0
    assert penstock("flow-run", "watch", run).code == 1


def test_a_deployed_run_is_watched_to_its_end(penstock: Penstock) -> None:
    def cancel() -> None:
        while not (found := next(ask_pages(part(FlowRuns).newest(Selection(), limit=1)))):
            pass
        ask(part(FlowRuns).cancel(found[0]["id"]))

    penstock("pool", "create", "mine")
    penstock("deploy", "flows.py:calc", "-n", "d", "--pool", "mine")
    somebody = threading.Thread(target=cancel)
    somebody.start()
    answer = penstock("deployment", "run", "calc/d", "-p", "x=1", "--name", "sea", "--watch")
    somebody.join()
    assert answer.code == 1
    first, *_, last = answer.out.splitlines()
    assert first.startswith("Scheduled flow run sea (")
    assert last.split("  ", 1)[1] == "calc / sea  Cancelled  -  cancelled by a person"


def test_lists_are_in_full_for_programs(penstock: Penstock) -> None:
    penstock("run", "flows.py:calc", "-p", "x=1")
    [run] = penstock("flow-run", "ls", "-o", "json").json
    assert run["spec"]["parameters"] == {"x": 1, "y": 2}
    penstock("pool", "create", "mine")
    deploy = ("deploy", "flows.py:calc", "-n", "d", "--pool", "mine", "--tag", "daily")
    penstock(*deploy, "-p", "x=9007199254740993", "--description", "two numbers")
    [made] = penstock("deployment", "ls", "-o", "json").json
    assert made["spec"]["parameters"] == {"x": "9007199254740993"}
    assert made["parameter_schema"]["required"] == ["x"]
    assert (made["revision"], made["description"]) == (1, "two numbers")
    [_, line] = penstock("deployment", "ls").out.splitlines()
    assert re.fullmatch(r"calc/d +1 +mine +flows.py:calc +daily +\w+ ago +two numbers", line)


def test_watching_in_json_prints_an_object_for_each_state(penstock: Penstock) -> None:
    penstock("run", "flows.py:calc", "-p", "x=1")
    task, run = penstock("flow-run", "watch", penstock.newest(), "-o", "json").lines
    assert task["name"] == "add-0"
    assert run["state"]["state_type"] == "COMPLETED"


def test_logs_are_the_same_whether_they_are_followed_or_not(penstock: Penstock) -> None:
    penstock("run", "flows.py:calc", "-p", "x=1")
    run = penstock.newest()
    followed = penstock("flow-run", "logs", run, "--follow")
    assert "careful" in followed.out
    assert penstock("flow-run", "logs", run).out == followed.out
    warnings = penstock("flow-run", "logs", run, "--level", "warning", "-o", "json").json
    assert [each["message"] for each in warnings] == ["careful"]


def test_doctor_says_what_is_bad_and_exits_1(penstock: Penstock) -> None:
    penstock("flow-run", "ls")
    assert penstock("doctor").code == 0
    process_connection.close()
    for file in Path("store").glob("penstock.db*"):
        file.write_bytes(b"no database" * 1000)
    answer = penstock("doctor", "-o", "json")
    assert answer.code == 1
    assert "schema" in [row["what"] for row in answer.json if row["verdict"] == "bad"]


def test_a_server_that_is_not_there_is_named(
    penstock: Penstock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_ADDRESS", "localhost:1")
    answer = penstock("flow-run", "ls")
    assert answer.code == 69
    assert "localhost:1" in answer.err
    assert "penstock up" in answer.err


def test_a_store_that_cannot_be_used_is_named(
    penstock: Penstock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_HOME", str(Path("flows.py").absolute()))
    answer = penstock("flow-run", "ls")
    assert answer.code == 69
    assert "set PENSTOCK_HOME" in answer.err


def keys_of(value: object) -> list[str]:
    """Return the names of all fields; those of a user's parameters are the user's."""
    if isinstance(value, list):
        return [key for each in value for key in keys_of(each)]
    if isinstance(value, dict):
        return [*value, *(key for each in value.values() for key in keys_of(each))]
    return []
