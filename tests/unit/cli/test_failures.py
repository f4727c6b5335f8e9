"""A failure is shown as far as it goes."""

from typing import Any

from penstock.cli.failures import failure_lines, reason
from penstock.cli.printing import painted
from penstock.cli.watching import news_line


def test_who_says_nothing_of_a_state_may_have_said_it_of_the_failure() -> None:
    row = a_failed_run(error_type="net/http.Error", message="no\nroute")
    assert reason(row) == "net/http.Error: no\nroute"
    assert painted(news_line(row), colours=False).split("  ", 1)[1] == (
        r"calc / calm-sea  Failed  net/http.Error: no\nroute"
    )


def test_a_failure_without_a_stack_or_a_type_is_shown_as_far_as_it_goes() -> None:
    failure = a_failed_run(error_type="", message="it broke", inputs={"x": "1", "y": '"a"'})
    assert list(failure_lines(failure["failure"])) == ["it broke", '  with x=1, y="a"']


def test_neither_a_text_nor_a_stack_passes_for_a_cause() -> None:
    failure = a_failed_run(error_type="E", message="x\ncaused by F: y")["failure"]
    failure["stack"] = "  File 1\ncaused by G: z"
    assert list(failure_lines(failure)) == [
        "E: x",
        "  | caused by F: y",
        "  File 1",
        "  caused by G: z",
    ]


def a_failed_run(
    *, error_type: str, message: str, inputs: dict[str, str] | None = None
) -> dict[str, Any]:
    return {
        "id": "run",
        "name": "calm-sea",
        "spec": {"flow_name": "calc"},
        "attempt": 1,
        "state": {
            "state_type": "FAILED",
            "name": "",
            "message": "",
            "time": "2026-01-01T00:00:00Z",
        },
        "failure": {
            "error_type": error_type,
            "message": message,
            "stack": "",
            "inputs": inputs or {},
            "causes": [],
        },
    }
