"""Checks the sizes that keep code readable: of files, functions, classes and constructors."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.source_tree import SDK, Finding, Module, modules, report

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("clients/python/penstock", "services/penstockd", "tests", "tools", "examples")
FILE, FUNCTION, CLASS, COLLABORATORS = 500, 60, 300, 4
# The SDK's contexts are records of a run that user code reads, and they have methods too.
RECORDS = f"{SDK}/engine/contexts.py"


def check(root: Path) -> list[Finding]:
    return [finding for module in modules(root, *FOLDERS) for finding in over_budget(module)]


def over_budget(module: Module) -> Iterator[Finding]:
    for line, what, size, budget in _measures(module):
        if size > budget:
            message = f"{what}: {size}, and at most {budget} are allowed"
            yield Finding(path=module.path, line=line, message=message)


def _measures(module: Module) -> Iterator[tuple[int, str, int, int]]:
    yield 1, "lines in this file", len(module.text.splitlines()), FILE
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.lineno, f"lines in {node.name}()", _lines(node), FUNCTION
            if node.name == "__init__":
                count = len(_collaborators(node.args))
                yield node.lineno, "arguments that a constructor needs", count, COLLABORATORS
        elif isinstance(node, ast.ClassDef):
            yield node.lineno, f"lines in class {node.name}", _lines(node), CLASS
            if _counts_fields(module) and _is_dataclass(node) and not _is_value(node):
                count = len(_fields(node))
                yield (
                    node.lineno,
                    "fields that a class with behaviour needs",
                    count,
                    COLLABORATORS,
                )


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    """Without the docstring: a public function may explain itself at length."""
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is None or len(node.body) == 1:
        return total
    return total - ((first.end_lineno or first.lineno) - first.lineno + 1)


def _collaborators(arguments: ast.arguments) -> list[str]:
    """What must be given; an argument with a default is a setting."""
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = positional[1 : len(positional) - len(arguments.defaults)]
    keyword = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return [it.arg for it in needed] + [it.arg for it, default in keyword if default is None]


def _counts_fields(module: Module) -> bool:
    """Only what is shipped: a test holds the ends of a whole system."""
    return (module.in_sdk or module.in_server) and str(module.path) != RECORDS


def _fields(node: ast.ClassDef) -> list[str]:
    """What a dataclass must be given; a field with a default is a setting."""
    return [
        it.target.id
        for it in node.body
        if isinstance(it, ast.AnnAssign)
        and isinstance(it.target, ast.Name)
        and it.value is None
        and "ClassVar" not in ast.unparse(it.annotation)
    ]


def _is_dataclass(node: ast.ClassDef) -> bool:
    return _decoration(node) is not None


def _is_value(node: ast.ClassDef) -> bool:
    """Frozen, and without methods but properties and other ways to make it."""
    methods = [it for it in node.body if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)]
    return "frozen=True" in (_decoration(node) or "") and all(map(_says_what_it_is, methods))


def _decoration(node: ast.ClassDef) -> str | None:
    found = [ast.unparse(it) for it in node.decorator_list]
    return next((it for it in found if it.partition("(")[0].endswith("dataclass")), None)


def _says_what_it_is(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = {ast.unparse(it).rpartition(".")[2] for it in method.decorator_list}
    special = method.name.startswith("__") and method.name != "__call__"
    return special or bool(marks & {"property", "cached_property", "classmethod"})


if __name__ == "__main__":
    sys.exit(report(check(ROOT), "budgets: every file, function and class is short enough"))
