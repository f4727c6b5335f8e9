"""Every form of statement, and every kind of value, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from penstockd.database import Database, Sql
from penstockd.database.failures import ConstraintViolated
from sample_service.builders import NOON, a_thing, an_id, load, put
from sample_service.store import statement_texts as texts
from sample_service.store.tables import thing

pytestmark = pytest.mark.asyncio


async def test_every_kind_of_value_comes_back_as_it_went_in(database: Database) -> None:
    row = a_thing(
        name="Übergrößenträger 🌊",
        broken=True,
        weight=0.1,
        age=timedelta(days=-3, microseconds=7),
        labels={"a": [1, None, "ü"], "b": {"c": 1.5}},
        picture=b"\x00\xff",
        parent_id=an_id(2**127 + 1),
        update_time=datetime(2026, 1, 1, 13, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1))),
    )
    await put(database, row)
    found = await load(database)
    assert found == row
    assert found["update_time"].tzinfo is UTC
    assert found["broken"] is True


async def test_nothing_comes_back_as_none(database: Database) -> None:
    await put(database, a_thing())
    assert await load(database) == a_thing()


async def test_columns_come_in_the_order_in_which_they_were_written(database: Database) -> None:
    await put(database, a_thing())
    assert list(await load(database) or ()) == thing.c.keys()


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(TypeError):
        await put(database, a_thing(create_time=datetime(2026, 1, 1)))  # noqa: DTZ001


async def test_a_missing_row_is_none(database: Database) -> None:
    assert await load(database) is None


async def test_an_update_counts_the_rows_it_changed(database: Database) -> None:
    await put(database, a_thing())

    async def rename(sql: Sql, expected: int) -> int:
        return await sql.run(
            texts.RENAME, namespace="home", id=an_id(1), expected=expected, name="new"
        )

    assert await database.write(lambda sql: rename(sql, 1)) == 1
    assert await database.write(lambda sql: rename(sql, 1)) == 0
    found = await load(database)
    assert found is not None
    assert (found["name"], found["revision"], found["broken"]) == ("new", 2, False)


async def test_an_upsert_updates_only_where_its_condition_holds(database: Database) -> None:
    async def upsert(sql: Sql, limit: int) -> Any:
        return await sql.one(texts.PUT, **a_thing(name="again"), limit_revision=limit)

    assert await database.write(lambda sql: upsert(sql, 2)) == {"revision": 1}
    assert await database.write(lambda sql: upsert(sql, 2)) == {"revision": 2}
    assert await database.write(lambda sql: upsert(sql, 2)) is None


async def test_an_insert_that_does_nothing_on_conflict_counts_none(database: Database) -> None:
    async def add(sql: Sql) -> int:
        return await sql.run(texts.ADD, **a_thing())

    assert [await database.write(add), await database.write(add)] == [1, 0]


async def test_a_delete_returns_what_it_took(database: Database) -> None:
    await put(database, a_thing())
    taken = await database.write(lambda sql: sql.all(texts.TAKE, namespace="home", id=an_id(1)))
    assert taken == [{"name": "thing 1", "create_time": NOON}]
    assert await load(database) is None


async def test_a_claim_takes_the_oldest_first(database: Database) -> None:
    ages = {1: 5, 2: 9, 3: 7}
    await put(
        database,
        *(
            a_thing(n, broken=False, create_time=NOON - timedelta(days=d))
            for n, d in ages.items()
        ),
    )
    claimed = await database.write(lambda sql: sql.all(texts.CLAIM, namespace="home", limit=2))
    assert [row["id"] for row in claimed] == [an_id(2), an_id(3)]


async def test_a_page_goes_on_after_a_pair_of_values(database: Database) -> None:
    names = {1: "a", 2: "b", 3: "b", 4: "c"}
    await put(database, *(a_thing(number, name=name) for number, name in names.items()))
    page = await database.read(
        lambda sql: sql.all(
            texts.PAGE, namespace="home", after_name="b", after_id=an_id(2), limit=10
        )
    )
    assert [row["id"] for row in page] == [an_id(3), an_id(4)]


@pytest.mark.parametrize("ids", [[], [2], [1, 2, 3, 99]])
async def test_a_list_is_one_bind(database: Database, ids: list[int]) -> None:
    await put(database, *(a_thing(number, name=f"{number}") for number in range(1, 6)))
    found = await database.read(
        lambda sql: sql.all(
            texts.AMONG, ids=map(an_id, ids), names=["1", "2", "3"], revisions=[1, 7]
        )
    )
    assert [row["id"] for row in found] == [an_id(number) for number in ids if number < 4]


async def test_a_list_that_people_filter_is_built_while_running(database: Database) -> None:
    await put(
        database, *(a_thing(n, age=timedelta(hours=n), broken=n > 1) for n in range(1, 5))
    )

    def build() -> sa.Select[Any]:
        return (
            sa.select(thing.c.id, thing.c.age, thing.c.create_time)
            .where(
                thing.c.id.in_([an_id(1), an_id(3), an_id(4)]),
                thing.c.age > timedelta(hours=1),
                thing.c.create_time == NOON,
                thing.c.broken == sa.true(),
                thing.c.name.like("thing%"),
            )
            .order_by(thing.c.age.desc())
            .limit(1)
        )

    assert await database.read(lambda sql: sql.select(build)) == [
        {"id": an_id(4), "age": timedelta(hours=4), "create_time": NOON}
    ]


async def test_a_broken_constraint_has_one_name_on_both(database: Database) -> None:
    await put(database, a_thing())
    with pytest.raises(ConstraintViolated):
        await put(database, a_thing(2), a_thing(1))
    assert await load(database, 2) is None
