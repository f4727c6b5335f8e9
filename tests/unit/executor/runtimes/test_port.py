"""What a process is, is known in one folder."""

import ast
from pathlib import Path

from penstockd import executor
from tools.check_layers import imports

HOME = Path(executor.__file__).parent
OF_PROCESSES = ("os", "psutil", "signal", "subprocess")
# It names the worker for people, by this machine and its own process.
NAMING = HOME / "wiring.py"


def test_only_the_runtime_of_processes_uses_what_the_system_knows_of_them() -> None:
    elsewhere = [it for it in HOME.rglob("*.py") if HOME / "runtimes/process" not in it.parents]
    found = {
        (str(file.relative_to(HOME)), imported.name)
        for file in elsewhere
        for imported in imports(ast.parse(file.read_text()))
        if imported.name.partition(".")[0] in OF_PROCESSES and file != NAMING
    }
    assert len(elsewhere) > 20
    assert found == set()
