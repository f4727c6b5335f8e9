"""Constant text is what Core says, and says so when it cannot be."""

from pathlib import Path

import pytest
import sqlalchemy as sa

import sample_service
from penstockd.database.columns import Int, Text, Uuid
from penstockd.database.compiling import statement_of
from tools.gen_statements import generate

FOLDER = Path(sample_service.__file__).parent
table = sa.Table(
    "t", sa.MetaData(), sa.Column("id", Uuid, primary_key=True), sa.Column("n", Int)
)


def test_what_is_generated_is_what_is_committed() -> None:
    for path, text in generate("sample_service", FOLDER).items():
        assert path.read_text() == text, path


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
