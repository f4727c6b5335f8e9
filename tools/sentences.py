"""Lists every sentence that people may read, so that a change of words is seen in review.

A sentence is a text of two words or more in the code that is neither a docstring nor SQL; the
docstring of a command is its help. Placeholders stand by name: `{name}` for `{self.name!r}`,
and `{…}` for what has none. There are no line numbers: they change when no word does.
"""

import ast
import re
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

from tools.source_tree import SDK, SERVER, Module, modules

FILE = Path("docs/reference/sentences.txt")
_HEAD = "Every sentence that people may read, by module: written by `make gen`, never edited.\n"
_WORDS = re.compile(r"(?:[A-Za-z]\w*[^\w\s]*|\{[^}]*\}\S*|%\S+) +\S*[A-Za-z{%]")
_OWN = re.compile(r"(?<![{\w])[A-Za-z]{2,}(?![\w]*\})")
_SQL = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN|SET LOCAL|NOTIFY"
    r"|SAVEPOINT|ROLLBACK|RELEASE)\b "
)
_SQL_ONLY = ("database/columns.py", "database/expressions.py", "database/feed_statements.py")
_TYPES = re.compile(r"[\w.]+(\[.*\])?( \| [\w.]+)*")


def text(root: Path) -> str:
    """Return the whole list for one checkout."""
    return "\n".join([_HEAD, *_sections(root)])


def sentences(module: Module) -> Iterator[str]:
    """Yield what one module may say, in the order of its lines."""
    if str(module.path).endswith(_SQL_ONLY):
        return
    for node in _texts(module.tree):
        said = cleandoc(_written(node).replace("\b", "")).strip()
        if (
            _WORDS.search(said)
            and _OWN.search(said)
            and not _SQL.search(said)
            and not _TYPES.fullmatch(said)
        ):
            yield said.replace("\n", "\n    ")


def _sections(root: Path) -> Iterator[str]:
    for module in modules(root, SDK, SERVER):
        if said := dict.fromkeys(sentences(module)):
            yield "\n".join([str(module.path), *(f"  {each}" for each in said), ""])


def _texts(node: ast.AST) -> Iterator[ast.expr]:
    """Yield texts, each once: what a text consists of is part of it."""
    if isinstance(node, ast.JoinedStr):
        yield node
        node = ast.Tuple([it.value for it in node.values if isinstance(it, ast.FormattedValue)])
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.FunctionDef) and (help_text := _help(node)):
        yield help_text
    for child in ast.iter_child_nodes(node):
        if not _is_docstring(child):
            yield from _texts(child)


def _help(function: ast.FunctionDef) -> ast.expr | None:
    calls = [it.func for it in function.decorator_list if isinstance(it, ast.Call)]
    is_command = any(isinstance(it, ast.Attribute) and it.attr == "command" for it in calls)
    first = function.body[0]
    return first.value if is_command and isinstance(first, ast.Expr) else None


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _written(node: ast.expr) -> str:
    match node:
        case ast.JoinedStr(values=parts):
            return "".join(_written(part) for part in parts)
        case ast.FormattedValue(value=value):
            return f"{{{_name_of(value) or '…'}}}"
        case ast.Constant(value=value):
            return str(value)
    return ""


def _name_of(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_")
        case ast.Call(args=[first]):
            return _name_of(first)
    return None
