import subprocess
import sys

import pytest

PROGRAM = f"""
import sys; sys.path[:] = {sys.path!r}
import resource
from penstockd.chassis.process import allow_many_files
resource.setrlimit(resource.RLIMIT_NOFILE, tuple(map(int, sys.argv[1:])))
allow_many_files()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("limits", "raised"), [((64, 500), "500 500"), ((500, 500), "500 500")]
)
def test_a_server_may_have_as_many_files_as_the_system_lets_it(
    limits: tuple[int, int], raised: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, limits)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == raised
