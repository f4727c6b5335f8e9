"""Writes constant SQL from Core: statement texts, schema scripts and the first migration.

A service is a package with `store/tables.py` (its `metadata`) and `store/statements.py`, a
module or a package of modules, whose UPPER_CASE names are Core statements.
`--check` writes nothing, and fails if a file would change.
"""

import argparse
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / it) for it in ("clients/python", "services", "tests")]

import sqlalchemy as sa  # noqa: E402
from sqlalchemy.dialects import postgresql, sqlite  # noqa: E402
from sqlalchemy.schema import CreateIndex, CreateTable  # noqa: E402

from penstockd.database.compiling import statement_of  # noqa: E402
from penstockd.database.ports import Dialect  # noqa: E402
from penstockd.database.schemas import script_text  # noqa: E402
from penstockd.database.statements import Statement, Typed  # noqa: E402

SERVICES = ROOT / "services/penstockd"
SAMPLE = ROOT / "tests/sample_service"
FIRST = "0001"
WIDTH = 84
_DIALECTS: dict[Dialect, sa.Dialect] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),  # type: ignore[no-untyped-call]
}
_REVISION = re.compile(r'^(down_)?revision(?:: [^=]+)? = (?:"(\w+)"|None)', re.MULTILINE)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args(arguments).check
    changed = []
    services = [tables.parent.parent for tables in sorted(SERVICES.glob("*/store/tables.py"))]
    packages = {f"penstockd.{folder.name}": folder for folder in services}
    for package, folder in (packages | {SAMPLE.name: SAMPLE}).items():
        for path, text in generate(package, folder).items():
            if not path.exists() or path.read_text() != text:
                changed.append(path)
                if not check:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text)
    for path in changed:
        print(
            f"{'out of date, run `make gen`' if check else 'wrote'}: {path.relative_to(ROOT)}"
        )
    return 1 if check and changed else 0


def generate(package: str, folder: Path) -> dict[Path, str]:
    """Return the text of every generated file of one service."""
    metadata = importlib.import_module(f"{package}.store.tables").metadata
    files = _statement_texts(package, folder)
    migrations = folder / "migrations"
    ddl = {name: _schema(metadata, dialect) for name, dialect in _DIALECTS.items()}
    revisions = _revisions(migrations / "versions")
    if revisions == [FIRST]:
        # Until there is a second revision nobody has a store that the first one must describe.
        files[migrations / "versions" / f"{FIRST}_first.py"] = _first_migration(ddl)
    for name, statements in ddl.items():
        path = migrations / f"schema_{name}.sql"
        files[path] = script_text(statements, revisions=revisions)
    return files


def _statement_texts(package: str, folder: Path) -> dict[Path, str]:
    store = folder / "store"
    if not any((store / name).exists() for name in ("statements.py", "statements")):
        return {}
    root = importlib.import_module(f"{package}.store.statements")
    if not hasattr(root, "__path__"):
        return {store / "statement_texts.py": _module_text(root, package)}
    texts = store / "statement_texts"
    files = {texts / "__init__.py": _HEAD.format(source="statements/")}
    for found in sorted(pkgutil.iter_modules(root.__path__), key=lambda it: it.name):
        module = importlib.import_module(f"{root.__name__}.{found.name}")
        files[texts / f"{found.name}.py"] = _module_text(module, package)
    return files


_HEAD = '"""Generated from {source} by `make gen`; never edited."""\n'


def _module_text(module: ModuleType, package: str) -> str:
    parts = [
        _HEAD.format(source=f"{module.__name__.rpartition('.')[2]}.py"),
        "# fmt: off\nfrom penstockd.database.statements import Statement\n",
    ]
    service = package.rpartition(".")[2]
    parts += [
        _constant(name, statement_of(expression, f"{service}.{name}"))
        for name, expression in _expressions(module)
    ]
    return "\n".join(parts)


def _expressions(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, value in vars(module).items():
        if name.isupper() and isinstance(value, sa.SelectBase | sa.UpdateBase):
            yield name, value


def _constant(name: str, statement: Statement) -> str:
    lines = [f"{name} = Statement(", f'    name="{statement.name}",']
    for dialect in ("sqlite", "postgresql"):
        lines += [f"    {dialect}=(", *_chunks(getattr(statement, dialect)), "    ),"]
    for field in ("binds", "columns"):
        lines += _typed(field, getattr(statement, field))
    return "\n".join([*lines, ")", ""])


def _chunks(text: str) -> Iterator[str]:
    """Cut after spaces, so that a change of a statement shows as a change of few lines."""
    line = ""
    for word in re.findall(r"\S*\s*", text.replace(" \n", "\n").replace("\n", " ")):
        if line and len(line) + len(word) > WIDTH:
            yield f"        {line!r}"
            line = ""
        line += word
    yield f"        {line!r}"


def _typed(field: str, pairs: Typed) -> Iterator[str]:
    if pairs:
        yield f"    {field}=("
        for name, kind in pairs:
            yield f'        ("{name}", "{kind}"),'
        yield "    ),"


def _schema(metadata: sa.MetaData, dialect: sa.Dialect) -> list[str]:
    statements = []
    for table in metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        for index in sorted(table.indexes, key=lambda it: str(it.name)):
            create = CreateIndex(index)
            if index._ddl_if is None or index._ddl_if.dialect == dialect.name:
                statements.append(str(create.compile(dialect=dialect)).strip())
    return ["\n".join(line.rstrip() for line in it.splitlines()) for it in statements]


def _revisions(versions: Path) -> list[str]:
    """Return all revisions, oldest first."""
    after: dict[str | None, str] = {}
    for path in sorted(versions.glob("*.py")):
        found = {bool(down): name for down, name in _REVISION.findall(path.read_text())}
        if found.get(False):
            after[found.get(True) or None] = found[False]
    revisions: list[str] = []
    while (following := after.get(revisions[-1] if revisions else None)) is not None:
        revisions.append(following)
    return revisions or [FIRST]


def _first_migration(ddl: dict[Dialect, list[str]]) -> str:
    lines = [
        '"""The first schema. Written by `make gen` until there is a second revision."""',
        "",
        "# fmt: off",
        "from alembic import op",
        "",
        f'revision = "{FIRST}"',
        "down_revision = None",
        "",
        "STATEMENTS = {",
    ]
    for name, statements in ddl.items():
        lines.append(f'    "{name}": [')
        lines += [f'        """{statement}""",' for statement in statements]
        lines.append("    ],")
    lines += [
        "}",
        "",
        "",
        "def upgrade() -> None:",
        "    connection = op.get_bind()",
        "    for statement in STATEMENTS[connection.dialect.name]:",
        "        connection.exec_driver_sql(statement)",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
