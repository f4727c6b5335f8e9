import pytest

from penstock.child.running import COULD_NOT_BEGIN
from penstockd.executor.runtimes import Exit
from penstockd.executor.runtimes.process.exits import exit_of

WITH_STACK = ": its stack is in the run's log"


@pytest.mark.parametrize(
    ("returncode", "end"),
    [
        (0, Exit(code=0, message="exit code 0")),
        (1, Exit(code=1, message="exit code 1")),
        (-9, Exit(message="killed by SIGKILL", interrupted=True)),
        (-15, Exit(message="killed by SIGTERM", interrupted=True)),
        (-11, Exit(message=f"killed by SIGSEGV{WITH_STACK}", interrupted=True)),
        (-6, Exit(message=f"killed by SIGABRT{WITH_STACK}", interrupted=True)),
        (-63, Exit(message="killed by signal 63", interrupted=True)),
    ],
)
def test_only_a_process_that_exited_by_itself_has_a_code(returncode: int, end: Exit) -> None:
    assert exit_of(returncode) == end


def test_a_child_says_by_its_code_that_it_could_not_begin() -> None:
    end = exit_of(COULD_NOT_BEGIN)
    assert (end.code, end.interrupted) == (75, True)


@pytest.mark.parametrize(
    ("returncode", "message"),
    [
        (-9, "killed by SIGKILL: it was somebody"),
        (-15, "killed by SIGTERM"),
        (1, "exit code 1"),
    ],
)
def test_only_a_sigkill_is_told_with_what_is_known_of_it(returncode: int, message: str) -> None:
    assert exit_of(returncode, why_killed="it was somebody").message == message
