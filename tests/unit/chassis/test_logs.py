import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from hanging import HANG_LIMIT
from penstockd.chassis.logs import Form, configure_logs


@pytest.fixture(autouse=True)
def _handlers_come_back() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def logged(form: Form, event: str, **options: Any) -> str:
    stream = StringIO()
    configure_logs(form, stream=stream)
    logging.getLogger("test").error(event, **options)
    return stream.getvalue()


def test_an_event_is_one_line_with_its_fields() -> None:
    line = logged("text", "run.moved", extra={"run": 7, "why": "a b", "empty": ""})
    assert line.endswith(' ERROR run.moved run=7 why="a b" empty=""\n')


def test_json_holds_the_same() -> None:
    line = json.loads(logged("json", "run.moved", extra={"run": 7}))
    assert (line["event"], line["level"], line["run"]) == ("run.moved", "ERROR", 7)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_field_makes_no_second_line(form: Form) -> None:
    assert logged(form, "run.moved", extra={"why": "a\nb"}).count("\n") == 1


def test_a_field_steers_no_terminal() -> None:
    steering = {"why": "a\x1b[2J\u202e"}
    line = logged("text", "run.moved", extra=steering)
    assert line.endswith(' why="a\\u001b[2J\\u202e"\n')
    line = logged("json", "run.moved", extra=steering)
    assert '"why": "a\\u001b[2J\\u202e"' in line
    assert json.loads(line)["why"] == steering["why"]


def test_an_exception_brings_its_traceback() -> None:
    line = json.loads(logged("json", "loop.failed", exc_info=ValueError("broken")))
    assert "ValueError: broken" in line["traceback"]
    assert "ValueError: broken" in logged("text", "loop.failed", exc_info=ValueError("broken"))


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_password_is_logged_in_a_field_or_a_traceback(form: Form) -> None:
    url = "postgresql://me:SECRET@host/penstock"
    line = logged(form, "loop.failed", extra={"why": url}, exc_info=ValueError(url))
    assert "SECRET" not in line
    assert line.count("postgresql://…@host/penstock") == 2


TELLING = """
import logging
from penstockd.chassis.logs import tell_the_unheard

tell_the_unheard()
tell_the_unheard()
{}
logging.getLogger("penstockd.chassis").warning("loop.failed", extra={{"why": "full disk"}})
"""


@pytest.mark.parametrize(
    ("set_up", "line"),
    [
        ("", r'\S+ WARNING loop.failed why="full disk"'),
        ("logging.basicConfig(format='mine %(message)s')", "mine loop.failed"),
        (
            "mine = logging.StreamHandler()\n"
            "mine.setFormatter(logging.Formatter('mine %(message)s'))\n"
            "logging.getLogger('penstockd').addHandler(mine)",
            "mine loop.failed",
        ),
    ],
)
def test_a_program_without_logging_reads_whole_events_and_another_its_own(
    set_up: str, line: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TELLING.format(set_up)],
        check=True,
        text=True,
        capture_output=True,
        timeout=HANG_LIMIT,
    )
    assert re.fullmatch(line, done.stderr.strip())
