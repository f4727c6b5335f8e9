"""What `pip install penstock` brings, with no extra."""

import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hanging import HANG_LIMIT

FEWER_THAN = 26
SERVING = """
import sys
sys.modules.update(dict.fromkeys(["asyncpg", "grpc_reflection", "opentelemetry", "uvloop"]))
from penstockd.__main__ import main
sys.exit(main())
"""


def closure(distribution: str) -> set[str]:
    """Return the distribution and all that it needs on this machine, by their names."""
    found: set[str] = set()
    wanted = [distribution]
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name in found:
            continue
        found.add(name)
        needs = map(Requirement, requires(name) or ())
        wanted += [need.name for need in needs if not need.marker or _applies(need.marker)]
    return found


def _applies(marker: Marker) -> bool:
    return marker.evaluate({"extra": ""})


def test_the_base_install_is_small() -> None:
    assert len(closure("penstock")) < FEWER_THAN, sorted(closure("penstock"))


def test_a_server_does_without_the_extras(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVING, "all", "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(
        [*command, "--store", str(tmp_path)],
        env={},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    first = server.stdout.readline()
    server.terminate()
    _, said = server.communicate(timeout=HANG_LIMIT)
    assert first.startswith("Penstock serves at"), said
    assert server.returncode == 0, said
