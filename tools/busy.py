"""`python -m tools.busy COMMAND…`: runs it beside as much work as keeps a machine busy.

Four loops for each core, and two programs that write and fsync. However this ends, they end.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

LOOPS_PER_CORE = 4
WRITERS = 2
BLOCK = bytes(1 << 20)
BLOCKS = 64


def main(command: Sequence[str]) -> int:
    if not command:
        print("say what is to run beside the load")
        return 64
    with load():
        return subprocess.run(command, check=False).returncode


@contextmanager
def load() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Keep the machine busy inside the block."""
    signal.signal(signal.SIGTERM, _leave)
    kinds = ["spin"] * LOOPS_PER_CORE * (os.cpu_count() or 1) + ["write"] * WRITERS
    command = [sys.executable, "-m", "tools.busy", "--load"]
    started = [subprocess.Popen([*command, kind, str(os.getpid())]) for kind in kinds]
    try:
        yield started
    finally:
        for each in started:
            each.kill()
        for each in started:
            each.wait()


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


def spin(parent: int) -> None:
    while os.getppid() == parent:
        sum(range(1_000_000))


def write(parent: int) -> None:
    """Write to a file without a name, which is gone with the process."""
    with tempfile.TemporaryFile(buffering=0) as file:
        while os.getppid() == parent:
            file.seek(0)
            for _ in range(BLOCKS):
                file.write(BLOCK)
                os.fsync(file.fileno())


LOADS: Mapping[str, Callable[[int], None]] = {"spin": spin, "write": write}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        LOADS[sys.argv[2]](int(sys.argv[3]))
    else:
        sys.exit(main(sys.argv[1:]))
