"""Writes constant SQL from Core: statement texts and schema scripts.

A service's `store` has `tables`, which holds its `metadata`, and `statements`, whose UPPER_CASE
names are Core statements. Both are packages with a module per resource, or plain modules where
there is but one resource; `statement_texts` becomes what `statements` is.
`--check` writes nothing, and fails if a file would change.
"""

import argparse
import importlib
import pkgutil
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import sha256
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
DIGITS = 16
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
    for package, folder in _services():
        files = generate(package, folder)
        changed += [path for path, text in files.items() if _text_of(path) != text]
        changed += left_over(folder, files)
        if not check:
            _write(files, left_over(folder, files))
    for path in changed:
        told = "out of date, run `make gen`" if check else "wrote"
        print(f"{told}: {path.relative_to(ROOT)}")
    return 1 if check and changed else 0


def generate(package: str, folder: Path) -> dict[Path, str]:
    """Return the text of every generated file of one service."""
    tables, *_ = _modules(f"{package}.store.tables")
    revisions = _revisions(folder / "migrations/versions")
    files = _statement_texts(package, folder / "store")
    for name, dialect in _DIALECTS.items():
        schema = _schema(tables.metadata, dialect)
        digest = sha256("".join(schema).encode()).hexdigest()[:DIGITS]
        text = script_text(schema, revisions=revisions, digest=digest)
        files[folder / f"migrations/schema_{name}.sql"] = text
    return files


def left_over(folder: Path, files: Collection[Path]) -> list[Path]:
    """Return the statement texts of a service that nothing generates any more."""
    store = folder / "store"
    found = {*store.glob("statement_texts.py"), *store.glob("statement_texts/*.py")}
    return sorted(found - set(files))


def _services() -> Iterator[tuple[str, Path]]:
    for folder in sorted(it.parent for it in SERVICES.glob("*/store")):
        yield f"penstockd.{folder.name}", folder
    yield SAMPLE.name, SAMPLE


def _text_of(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def _write(files: Mapping[Path, str], outdated: Sequence[Path]) -> None:
    for path in outdated:
        path.unlink()
    for path, text in files.items():
        if _text_of(path) != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def _modules(name: str) -> list[ModuleType]:
    """Return a module, or a package before its modules."""
    root = importlib.import_module(name)
    found = pkgutil.iter_modules(getattr(root, "__path__", ()))
    return [root, *(importlib.import_module(f"{name}.{it.name}") for it in found)]


def _statement_texts(package: str, store: Path) -> dict[Path, str]:
    service = package.rpartition(".")[2]
    root, *modules = _modules(f"{package}.store.statements")
    _refuse_repeated_names(service, [root, *modules])
    if not hasattr(root, "__path__"):
        return {store / "statement_texts.py": _module_text(root, service)}
    texts = store / "statement_texts"
    files = {texts / "__init__.py": _HEAD.format(source="statements/")}
    for module in modules:
        files[texts / f"{_last(module)}.py"] = _module_text(module, service)
    return files


def _refuse_repeated_names(service: str, modules: Sequence[ModuleType]) -> None:
    """A name tells traces and messages which statement of a service it was."""
    seen: dict[str, str] = {}
    for module in modules:
        for name, _ in _expressions(module):
            first = seen.setdefault(name, _last(module))
            if first != _last(module):
                raise ValueError(
                    f"{service}.{name} is in statements/{first}.py and in "
                    f"statements/{_last(module)}.py: name one of them otherwise, or "
                    "import it under a name that begins with an underscore"
                )


def _last(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


_HEAD = '"""Generated from {source} by `make gen`; never edited."""\n'


def _module_text(module: ModuleType, service: str) -> str:
    source = module.__name__.partition(".store.")[2].replace(".", "/")
    parts = [
        _HEAD.format(source=f"{source}.py"),
        "# fmt: off\nfrom penstockd.database.statements import Statement\n",
    ]
    parts += [
        _constant(name, statement_of(expression, f"{service}.{name}"))
        for name, expression in _expressions(module)
    ]
    return "\n".join(parts)


def _expressions(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, value in vars(module).items():
        is_statement = isinstance(value, sa.SelectBase | sa.UpdateBase)
        if is_statement and name.isupper() and not name.startswith("_"):
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


if __name__ == "__main__":
    sys.exit(main())
