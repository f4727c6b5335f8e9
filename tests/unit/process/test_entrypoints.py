"""A flow is deployed by the name under which another process finds that very flow."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hanging import HANG_LIMIT
from integration.decorating import DECORATING
from integration.system import clean_environment

HEAD = """
import functools
from penstock import flow
from penstock.process.entrypoints import entrypoint

def show(found):
    try:
        there = entrypoint(found.fn, found.is_same)
    except ValueError as error:
        print("refused:", error)
    else:
        print(there.where, there.folder, found.name)
"""
TOOLS = f"""{DECORATING}
class Counted:
    def __init__(self, fn):
        functools.update_wrapper(self, fn)
        self.fn = fn
    def __call__(self, *args, **kwargs):
        return self.fn(*args, **kwargs)
"""
LOAD = """
import sys
from penstock.flows import load_flow_from_entrypoint
print(load_flow_from_entrypoint(sys.argv[1]).name)
"""
FOUND = [
    ("@flow\ndef f(): pass", "f"),
    ("from tools import timed\n@flow\n@timed\ndef f(): pass", "f"),
    ("from tools import bare\n@flow(name='g')\n@bare\ndef f(): pass", "f"),
    ("from tools import Counted\n@flow\n@Counted\ndef f(): pass", "f"),
    ("@flow\ndef g(): pass\nf = g.with_options(name='other')", "f"),
    ("def g(n): pass\nf = flow(functools.partial(g, 1), name='part')", "f"),
    ("f = flow(lambda n: n, name='short')", "f"),
    ("def make(word):\n @flow(name=word)\n def made(): pass\n return made\nf = make('x')", "f"),
    ("class Jobs:\n @flow\n def f(): pass\nf = Jobs.f", "Jobs.f"),
    ("class Jobs:\n @classmethod\n @flow\n def f(cls): pass\nf = Jobs.f", "Jobs.f"),
    ("class Jobs:\n @flow\n def f(self): pass\njobs = Jobs()\nf = jobs.f", "jobs.f"),
    ("for n in 'ab':\n globals()['f' + n] = flow(lambda: 1, name=n)\nf = fb", "fb"),
    ("@flow\ndef g(): pass\nif __name__ == '__main__':\n f = g", "g"),
    ("from elsewhere import f", "elsewhere"),
]
NOT_FOUND = [
    (
        "@flow\ndef g(): pass\nif __name__ == '__main__':\n f = g.with_options(name='h')",
        'importing .* does not define f .* outside of `if __name__ == "__main__":`',
    ),
    ("@flow\ndef f(): pass\nif '__main__' == __name__:\n f = f.with_options()", "define f"),
    ("@flow\ndef g(): pass\nshow(g.with_options(retries=1))\nf = g", "has no name by which"),
    ("show(flow(lambda: 1, name='x'))\nf = flow(lambda: 1, name='y')", "no name by which"),
    (
        "def g():\n @flow\n def h(): pass\n return h\nshow(g())\nf = flow(g)",
        "inside a function",
    ),
    ("class Jobs:\n @flow\n def g(self): pass\nshow(Jobs().g)\nf = Jobs.g", "has no name"),
]


def python(folder: Path, *arguments: str, told: str = "") -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=clean_environment(),
        input=told,
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def script(folder: Path, source: str, name: str = "etl.py") -> str:
    (folder / "tools.py").write_text(TOOLS)
    (folder / "elsewhere.py").write_text("from penstock import flow\n@flow\ndef f(): pass\n")
    (folder / name).write_text(f"{HEAD}{source}\nif __name__ == '__main__':\n show(f)\n")
    return name


@pytest.mark.parametrize(("source", "name"), FOUND)
def test_a_flow_is_named_by_the_attribute_that_is_it(
    tmp_path: Path, source: str, name: str
) -> None:
    where, folder, called = python(tmp_path, script(tmp_path, source)).split()
    assert where == ("elsewhere.py:f" if name == "elsewhere" else f"etl.py:{name}")
    assert folder == str(tmp_path)
    assert python(tmp_path, "-c", LOAD, where) == f"{called}\n"


@pytest.mark.parametrize(("source", "why"), NOT_FOUND)
def test_a_flow_that_no_import_brings_is_refused(tmp_path: Path, source: str, why: str) -> None:
    first = python(tmp_path, script(tmp_path, source)).splitlines()[0]
    assert re.match(f"refused: .*{why}", first), first


@pytest.mark.parametrize("how", ["-c", "-", "-i"])
def test_code_that_is_in_no_file_is_refused(tmp_path: Path, how: str) -> None:
    typed = "@flow\ndef typed(): pass\n\nshow(typed)\n"
    (tmp_path / "kept.py").write_text(HEAD)
    said = {
        "-c": lambda: python(tmp_path, "-c", HEAD + typed),
        "-": lambda: python(tmp_path, "-", told=HEAD + typed),
        "-i": lambda: python(tmp_path, "-i", "kept.py", told=typed),
    }[how]()
    assert re.match("refused: .*typed.*file", said), said


def test_a_program_whose_name_python_cannot_import_is_told_to_end_in_py(
    tmp_path: Path,
) -> None:
    said = python(tmp_path, script(tmp_path, "@flow\ndef f(): pass", name="etl"))
    assert (
        said == f"refused: a worker cannot import {tmp_path}/etl: give it a name that "
        "ends with .py\n"
    )


def test_a_flow_of_a_package_itself_is_named_by_the_package(tmp_path: Path) -> None:
    (tmp_path / "mill").mkdir()
    (tmp_path / "mill" / "__init__.py").write_text(f"{HEAD}@flow\ndef f(): pass\nshow(f)\n")
    assert python(tmp_path, "-c", "import mill") == f"mill:f {tmp_path} f\n"


def test_a_program_under_a_profiler_is_named_by_its_own_file(tmp_path: Path) -> None:
    name = script(tmp_path, "@flow\ndef f(): pass")
    said = python(tmp_path, "-m", "cProfile", name)
    assert said.startswith(f"etl.py:f {tmp_path} f\n")
