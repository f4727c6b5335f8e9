"""Which names a module's source binds when it is imported, and which only as a program."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

# What binds names that are not written there.
_DYNAMIC = frozenset(("globals", "locals", "vars", "exec", "eval", "setattr", "__dict__"))


class Bindings:
    """The names of one source."""

    def __init__(self, source: bytes) -> None:
        tree = ast.parse(source)
        plain, guarded = list[ast.stmt](), list[ast.stmt]()
        for statement in tree.body:
            if isinstance(statement, ast.If) and _is_guard(statement.test):
                guarded += statement.body
                plain += statement.orelse
            else:
                plain.append(statement)
        self._imported = frozenset(_bound(plain))
        self._as_program = frozenset(_bound(guarded))
        self._is_dynamic = "*" in self._imported or any(map(_is_dynamic, ast.walk(tree)))

    def has(self, name: str, *, as_program: bool) -> bool:
        """Tell whether an import binds the name, to what a program that is run has under it."""
        if as_program and name in self._as_program:
            return False
        return self._is_dynamic or name in self._imported


def _is_guard(test: ast.expr) -> bool:
    """Recognise `__name__ == "__main__"`, also among other conditions."""
    return any(_compares_name(each) for each in ast.walk(test) if isinstance(each, ast.Compare))


def _compares_name(each: ast.Compare) -> bool:
    sides = (each.left, *each.comparators)
    return (
        all(isinstance(operator, ast.Eq) for operator in each.ops)
        and any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
        and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)
    )


def _bound(statements: Iterable[ast.AST]) -> Iterator[str]:
    pending = list(statements)
    while pending:
        match pending.pop():
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.alias(name=name, asname=other):
                yield other or name.partition(".")[0]
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() as definition:
                yield definition.name
                yield from _globals_in(definition)
            case other_node:
                pending += ast.iter_child_nodes(other_node)


def _globals_in(definition: ast.AST) -> Iterator[str]:
    for each in ast.walk(definition):
        if isinstance(each, ast.Global):
            yield from each.names


def _is_dynamic(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _DYNAMIC
    return False
