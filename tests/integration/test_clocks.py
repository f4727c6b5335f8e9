"""Whatever a program's clock shows, its waits are as long as they are said to be."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.serving import Serving
from integration.system import LEASH, clean_environment, end_all_of

# The clocks of the day that Penstock reads go wrong before anything of it is loaded. gRPC for
# Python adds up `time.time` and a clock of its own, so that this one stays.
SCRIPT = """
import datetime, os, time

OFF = float(os.environ["OFF"])
real_ns = time.time_ns
time.time_ns = lambda: real_ns() + int(OFF * 1e9)

class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time() + OFF, tz)

datetime.datetime = Clock

from penstock import flow

attempts = []

@flow(retries=1, retry_delay_seconds=0.5)
def flaky():
    attempts.append(time.monotonic())
    if len(attempts) == 1:
        raise ValueError("once")

flaky()
print(attempts[1] - attempts[0])
"""


@pytest.mark.parametrize("off", [-300, 300])
def test_a_retry_waits_as_long_as_it_says_whatever_the_clock_shows(
    tmp_path: Path, off: int
) -> None:
    home = tmp_path / "script"
    with Serving(tmp_path / "server") as server:
        ended = subprocess.run(
            [sys.executable, "-c", LEASH, "-c", SCRIPT],
            env=clean_environment(
                PENSTOCK_HOME=str(home), PENSTOCK_ADDRESS=server.address, OFF=str(off)
            ),
            capture_output=True,
            text=True,
            timeout=HANG_LIMIT,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        # Not one of the 300 seconds by which the clocks differ is waited.
        assert 0.5 <= float(ended.stdout) < abs(off)
        with closing(Caller(server.addresses)) as caller:
            [run] = caller.flow_runs()
            assert (state_of(run), run.attempt) == ("COMPLETED", 2)
    end_all_of(home)
