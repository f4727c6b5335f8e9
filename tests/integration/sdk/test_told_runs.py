"""What a program's log says of its runs: each event once, about a subject."""

import os
import re
import subprocess
import sys
from pathlib import Path

from hanging import HANG_LIMIT

PROGRAM = """
import asyncio
from penstock import flow, get_run_logger, task

@task(retries=1)
def shaky(n):
    get_run_logger().info("Fetched %d rows", n)
    if n == 1:
        raise ValueError("no rows")

@flow
def one(n):
    shaky(n)

both_begun = asyncio.Barrier(2)

@flow
async def one_of_many(n):
    # A line is told by its flow run from the second one on.
    await both_begun.wait()
    shaky(n)

async def many():
    return await asyncio.gather(*(one_of_many(n) for n in range(2)), return_exceptions=True)
"""
LINE = re.compile(r"\d\d:\d\d:\d\d\.\d{3} \| (\w+) \| (\S+) \| (.*)")


def test_a_line_is_about_a_task_run_or_about_its_flow_run(tmp_path: Path) -> None:
    lines = told(tmp_path, "one(0)")
    begun, fetched, ended = lines
    assert begun[2] == "Run of one begins"
    assert fetched == ("INFO", "shaky-0", "Fetched 0 rows")
    assert ended[1] == begun[1]
    assert re.fullmatch(r"Completed \(1 task, \d+\.\d s\)", ended[2])


def test_each_error_is_told_with_its_stack_once(tmp_path: Path) -> None:
    text = logged(tmp_path, "try:\n    one(1)\nexcept ValueError:\n    pass")
    # Each of the two attempts raised one of its own.
    assert text.count('raise ValueError("no rows")') == 2
    assert text.count('File "') == 2
    levels = [level for level, _, _ in parsed(text)]
    assert levels == ["INFO", "INFO", "WARNING", "INFO", "ERROR", "ERROR"]
    *_, retried, _, failed, ended = parsed(text)
    assert retried[2] == "Failed: ValueError: no rows; retry 1 of 1 in 0 s"
    assert failed == ("ERROR", "shaky-0", "Failed: ValueError: no rows")
    assert re.fullmatch(
        r"Failed \(1 task, 1 failed, \d+\.\d s\): ValueError: no rows", ended[2]
    )


def test_several_flow_runs_at_once_can_be_told_apart(tmp_path: Path) -> None:
    lines = told(tmp_path, "asyncio.run(many())")
    flows = {subject for _, subject, said in lines if said == "Run of one-of-many begins"}
    assert len(flows) == 2
    last = [subject for _, subject, said in lines if said == "Failed: ValueError: no rows"]
    assert len(last) == 1
    assert last[0].partition("/")[0] in flows


def test_an_error_that_no_task_raised_is_told_by_the_flow(tmp_path: Path) -> None:
    text = logged(tmp_path, "@flow\ndef f():\n    return {}['x']\nf(return_state=True)")
    [_, ended] = parsed(text)
    assert ended[2].endswith("KeyError: 'x'")
    assert text.count("in f\n") == 1


def told(folder: Path, last: str) -> list[tuple[str, str, str]]:
    return parsed(logged(folder, last))


def parsed(text: str) -> list[tuple[str, str, str]]:
    found = (LINE.fullmatch(line) for line in text.splitlines())
    return [(it[1], it[2], it[3]) for it in found if it]


def logged(folder: Path, last: str) -> str:
    (folder / "program.py").write_text(f"{PROGRAM}\n{last}\n")
    environment = {**os.environ, "PENSTOCK_HOME": str(folder / "home")}
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr
