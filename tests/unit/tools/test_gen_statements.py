"""Constant text is what Core says, and says so when it cannot be."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import sample_service
from penstockd.database.columns import Int, Text, Uuid
from penstockd.database.compiling import statement_of
from tools.gen_statements import generate, left_over

FOLDER = Path(sample_service.__file__).parent
table = sa.Table(
    "t", sa.MetaData(), sa.Column("id", Uuid, primary_key=True), sa.Column("n", Int)
)


def test_what_is_generated_is_what_is_committed() -> None:
    for path, text in generate("sample_service", FOLDER).items():
        assert path.read_text() == text, path


TABLES = """\
import sqlalchemy as sa
from penstockd.database.columns import Int
from {package}.store.tables import metadata
{table} = sa.Table("{table}", metadata, sa.Column("id", Int, primary_key=True))
"""
STATEMENTS = """\
import sqlalchemy as sa
from {package}.store.tables.{table} import {table}
{name} = sa.select({table})
"""


class Service:
    """A service with packages in its store, as they are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write(
            "store/tables/__init__.py", "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
        )
        self.write("store/statements/__init__.py", "")

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def add(self, table: str, *, statement: str) -> None:
        names = {"package": self.folder.name, "table": table, "name": statement}
        self.write(f"store/tables/{table}.py", TABLES.format(**names))
        self.write(f"store/statements/{table}.py", STATEMENTS.format(**names))

    def generated(self) -> dict[str, str]:
        files = generate(self.folder.name, self.folder)
        return {str(path.relative_to(self.folder)): text for path, text in files.items()}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.syspath_prepend(tmp_path)
    yield Service(tmp_path / "two_resources")
    for name in [it for it in sys.modules if it.startswith("two_resources")]:
        del sys.modules[name]


def test_each_resource_has_a_module_of_texts_and_all_share_a_schema(service: Service) -> None:
    service.add("sluice", statement="SLUICE")
    service.add("weir", statement="WEIR")
    files = service.generated()
    assert {it for it in files if it.startswith("store/")} == {
        "store/statement_texts/__init__.py",
        "store/statement_texts/sluice.py",
        "store/statement_texts/weir.py",
    }
    assert 'name="two_resources.WEIR"' in files["store/statement_texts/weir.py"]
    assert "CREATE TABLE sluice" in files["migrations/schema_sqlite.sql"]
    assert "CREATE TABLE weir" in files["migrations/schema_sqlite.sql"]


def test_a_name_occurs_once_in_a_service(service: Service) -> None:
    service.add("sluice", statement="GATE")
    service.add("weir", statement="GATE")
    with pytest.raises(ValueError, match=r"two_resources\.GATE .*/sluice\.py .*/weir\.py"):
        service.generated()


def test_texts_of_a_resource_that_went_away_are_left_over(service: Service) -> None:
    service.add("sluice", statement="SLUICE")
    service.write("store/statement_texts/sluice.py", "")
    service.write("store/statement_texts/weir.py", "")
    service.write("store/statement_texts.py", "")
    files = generate(service.folder.name, service.folder)
    store = service.folder / "store"
    assert left_over(service.folder, files) == [
        store / "statement_texts/weir.py",
        store / "statement_texts.py",
    ]


def test_binds_have_the_same_numbers_in_both_texts() -> None:
    statement = statement_of(
        sa.update(table).where(table.c.id == sa.bindparam("which")).values(n=sa.bindparam("n")),
        "t",
    )
    assert statement.sqlite == "UPDATE t SET n=?1 WHERE t.id = ?2"
    assert statement.postgresql == "UPDATE t SET n=$1::bigint WHERE t.id = $2::uuid"
    assert statement.binds == (("n", "int"), ("which", "uuid"))


def test_a_constant_stands_in_the_text() -> None:
    query = sa.select(table.c.n).where(table.c.n == 3, sa.literal("it's", Text) == "x")
    assert statement_of(query, "t").sqlite.endswith("WHERE t.n = 3 AND 'it''s' = 'x'")


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        (sa.select(table.c.id, table.alias().c.id), "t: columns share a name"),
        (sa.select(table.c.n).limit(sa.bindparam("limit")), "t: bind 'limit'"),
        (sa.select(sa.literal_column("1").label("one")), "t: .*is no kind"),
        (
            sa.select(table.c.n).where(table.c.n.in_(sa.bindparam("ns", expanding=True))),
            "t: bind 'ns': lists are bound by columns.one_of",
        ),
    ],
)
def test_what_cannot_be_constant_is_named(expression: sa.Select[int], complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint):
        statement_of(expression, "t")
