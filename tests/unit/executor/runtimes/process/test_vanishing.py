import asyncio
import signal
import subprocess
from collections.abc import Iterator

import pytest

from penstockd.executor.runtimes.process.groups import vanished
from penstockd.executor.runtimes.process.marks import members


@pytest.fixture
def helper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.mark.asyncio
async def test_the_end_of_a_group_is_told_when_its_last_process_is_gone(
    helper: subprocess.Popen[bytes],
) -> None:
    asyncio.get_running_loop().call_later(0.02, helper.send_signal, signal.SIGKILL)
    await vanished(helper.pid)
    assert list(members(helper.pid)) == []
