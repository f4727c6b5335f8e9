"""A service's generated schema scripts, and the revisions that its code knows."""

from dataclasses import dataclass
from pathlib import Path

from penstockd.database.ports import Dialect

_PACKAGE = Path(__file__).parent.parent
_REVISIONS = "-- revisions: "
_DIGEST = "-- digest: "
SEPARATOR = ";\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """`service` is the prefix of its tables, and its schema in PostgreSQL."""

    service: str
    folder: Path

    def script(self, dialect: Dialect) -> Path:
        return self.folder / f"schema_{dialect}.sql"

    def revisions(self, dialect: Dialect) -> list[str]:
        """Return what this code knows, oldest first."""
        return self._told(dialect, _REVISIONS).split()

    def digest(self, dialect: Dialect) -> str:
        """Return that of the latest revision."""
        return self._told(dialect, _DIGEST).strip()

    def statements(self, dialect: Dialect) -> list[str]:
        return statements_in(self.script(dialect))

    def _told(self, dialect: Dialect, prefix: str) -> str:
        """Return what the head of the script says, without reading the whole."""
        with self.script(dialect).open() as lines:
            for line in lines:
                if line.startswith(prefix):
                    return line.removeprefix(prefix)
        raise ValueError(f"{self.script(dialect)} has no line {prefix!r}: run `make gen`")


def statements_in(script: Path) -> list[str]:
    lines = script.read_text().splitlines(keepends=True)
    code = "".join(line for line in lines if not line.startswith("--"))
    return [part.strip() for part in code.split(SEPARATOR) if part.strip()]


def schema_of(service: str) -> Schema:
    """Return the schema of one of Penstock's own services."""
    return Schema(service=service, folder=_PACKAGE / service / "migrations")


def script_text(statements: list[str], *, revisions: list[str], digest: str) -> str:
    head = "-- Generated from store/tables by `make gen`; never edited.\n"
    code = "".join(f"{statement.strip()}{SEPARATOR}" for statement in statements)
    head += f"{_REVISIONS}{' '.join(revisions)}\n"
    head += f"{_DIGEST}{digest}\n"
    return f"{head}\n{code.rstrip()}\n"
