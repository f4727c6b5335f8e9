"""Checks the sizes that keep code readable: of files, functions, classes and constructors."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.source_tree import Finding, Module, modules, report

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("clients/python/penstock", "services/penstockd", "tests", "tools", "examples")
FILE, FUNCTION, CLASS, COLLABORATORS = 500, 60, 300, 4


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


if __name__ == "__main__":
    sys.exit(report(check(ROOT), "budgets: every file, function and class is short enough"))
