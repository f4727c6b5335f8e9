"""What the log of a run holds, whatever its program does with logging and with its output."""

import subprocess
import sys

import pytest

from fixtures_scripts import Scripts
from hanging import HANG_LIMIT

BAD_CALLS = """
from penstock import flow, get_run_logger
class Silent:
    def __str__(self):
        raise RuntimeError("no text")
@flow
def logging_badly():
    logger = get_run_logger()
    logger.error("Error: ", ValueError("x"))
    logger.info("%d", "x")
    logger.info("%(a)s", {"b": 1})
    logger.warning(Silent())
    logger.info("went on")
logging_badly()
"""


def test_a_line_that_cannot_be_formatted_is_told_of_and_fails_nothing(
    scripts: Scripts,
) -> None:
    done = scripts.run(BAD_CALLS)
    assert done.stderr.count("--- Logging error ---") == 4
    log = scripts.log()
    for kept in (
        "'Error: ', ValueError('x') (cannot be formatted: TypeError: ",
        "'%d', 'x' (cannot be formatted: TypeError: ",
        "'%(a)s', {'b': 1} (cannot be formatted: KeyError: 'a')",
        "(cannot be formatted: RuntimeError: no text)",
        "went on",
    ):
        assert kept in log
        assert kept in done.stderr


def test_a_stack_that_was_asked_for_is_in_the_log(scripts: Scripts) -> None:
    scripts.run(
        """
        from penstock import flow, get_run_logger
        @flow
        def showing():
            get_run_logger().info("here", stack_info=True)
        showing()
        """
    )
    assert 'get_run_logger().info("here", stack_info=True)' in scripts.log()


CONFIGURING = """
from io import StringIO
from logging.config import dictConfig, fileConfig
from penstock import flow, get_run_logger
from penstock.logging import get_logger
INI = '''
[loggers]
keys=root
[handlers]
keys=
[formatters]
keys=
[logger_root]
handlers=
'''
CONFIGURATIONS = (
    lambda: dictConfig({"version": 1, "root": {"level": "WARNING", "handlers": []}}),
    lambda: dictConfig({"version": 1, "loggers": {"penstock": {"handlers": []}}}),
    lambda: dictConfig({"version": 1, "loggers": {"penstock.mine": {"propagate": False}}}),
    lambda: fileConfig(StringIO(INI)),
)
@flow(log_prints=True)
def configuring():
    before = get_run_logger(), get_logger("mine")
    for number, configure in enumerate(CONFIGURATIONS):
        configure()
        for logger in *before, get_run_logger(), get_logger("mine"):
            logger.info("after %d", number)
        print("after", number)
configuring()
"""


def test_the_log_goes_on_when_a_library_configures_logging(scripts: Scripts) -> None:
    scripts.run(CONFIGURING)
    log = scripts.log()
    assert [log.count(f"after {number}") for number in range(4)] == [5, 5, 5, 5]
    assert "Completed" in log


def test_a_logger_that_comes_from_logging_itself_writes_each_line_once(
    scripts: Scripts,
) -> None:
    scripts.run(
        """
        import logging
        from penstock import flow
        @flow
        def plain():
            logging.getLogger("penstock.plain").info("a line")
        plain()
        """
    )
    assert scripts.log().count("a line") == 1


LEVELS = """
from penstock import flow, get_run_logger
@flow
def quiet():
    get_run_logger().debug("in detail")
quiet()
"""


def test_a_level_may_be_a_number(scripts: Scripts) -> None:
    scripts.run(LEVELS, PENSTOCK_LOGGING_LEVEL="10")
    assert "in detail" in scripts.log()


def test_a_level_that_does_not_exist_ends_the_call_before_there_is_a_run(
    scripts: Scripts,
) -> None:
    before = scripts.penstock("flow-run", "ls", "-o", "json")
    done = scripts.run(LEVELS, code=1, PENSTOCK_LOGGING_LEVEL="loud")
    *_, last = done.stderr.splitlines()
    assert "ConfigurationError: PENSTOCK_LOGGING_LEVEL=loud is not a valid level" in last
    assert scripts.penstock("flow-run", "ls", "-o", "json") == before


PRINTS = """
from penstock import flow, task
@task(log_prints=True)
def loud():
    print("of the loud")
@task(log_prints=False)
def quiet():
    print("of the quiet")
@task
def plain():
    print("of the plain")
@flow({options})
def around():
    loud.submit().result()
    quiet()
    plain()
    print("of the flow")
around()
loud()
"""


@pytest.mark.parametrize(
    ("options", "logged"),
    [("", ["loud"]), ("log_prints=True", ["loud", "plain", "flow"])],
)
def test_a_task_logs_what_it_prints_as_its_own_option_says(
    scripts: Scripts, options: str, logged: list[str]
) -> None:
    done = scripts.run(PRINTS.format(options=options))
    log = scripts.log()
    assert [it for it in ("loud", "quiet", "plain", "flow") if f"of the {it}" in log] == logged
    # The last call is in no flow, and nothing else would keep its words.
    assert done.stdout.splitlines()[-1] == "of the loud"


@pytest.mark.parametrize(
    ("ending", "code", "told"),
    [
        ("sys.exit(3)", 3, "SystemExit: 3"),
        ("signal.raise_signal(signal.SIGINT)", -2, "KeyboardInterrupt"),
        ("fail()", 1, "ZeroDivisionError: division by zero"),
    ],
)
def test_the_last_line_of_a_log_says_how_the_run_ended(
    scripts: Scripts, ending: str, code: int, told: str
) -> None:
    done = scripts.run(
        f"""
        import signal, sys
        from penstock import flow
        def fail():
            1 / 0
        @flow
        def ending():
            {ending}
        ending()
        """,
        code=code,
    )
    *_, last = [line for line in scripts.log().splitlines() if "penstock.flow_runs" in line]
    assert told in last
    assert told in done.stderr
    assert "(0 tasks, " in last


def test_an_async_flow_that_a_person_interrupts_says_so_too(scripts: Scripts) -> None:
    scripts.run(
        """
        import asyncio, signal
        from penstock import flow
        @flow
        async def ending():
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(3600)
        asyncio.run(ending())
        """,
        code=-2,
    )
    assert "Crashed (0 tasks, " in scripts.log()


PRINTING = """
from penstock import flow, task
@task
def printing():
    for _ in range(10_000):
        print("much that nobody reads")
@flow
def talking():
    printing()
    print("once more", flush=True)
    return "done"
if __name__ == "__main__":
    talking()
"""


def test_a_reader_of_the_output_that_goes_away_fails_no_run(scripts: Scripts) -> None:
    file = scripts.folder / "talking.py"
    file.write_text(PRINTING)
    for command in ([str(file)], ["-m", "penstock.cli", "run", f"{file}:talking"]):
        with subprocess.Popen(
            [sys.executable, *command],
            env={**scripts.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as script:
            assert script.stdout is not None
            script.stdout.close()
            assert script.wait(HANG_LIMIT) == 0
        log = scripts.log()
        assert log.count("The reader of this program's output has gone") == 1
        assert "Completed" in log


def test_a_pipe_of_the_users_own_breaks_as_it_does_everywhere(scripts: Scripts) -> None:
    scripts.run(
        """
        import os
        from penstock import flow
        @flow
        def writing():
            reads, writes = os.pipe()
            os.close(reads)
            with open(writes, "w", closefd=False) as pipe:
                try:
                    print("lost", file=pipe, flush=True)
                except BrokenPipeError:
                    os.dup2(os.open(os.devnull, os.O_WRONLY), writes)
                    return "told"
        assert writing() == "told"
        """
    )
