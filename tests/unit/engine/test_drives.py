"""An engine coroutine is written once; a drive blocks or awaits, and may give many items."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import Future
from contextlib import aclosing
from typing import Any

import pytest

from penstock.engine.drives import (
    AWAITING,
    BLOCKING,
    Drive,
    iterate_awaiting,
    iterate_blocking,
    run_blocking,
)


async def counted(drive: Drive, seen: list[Any]) -> str:
    """Give three items; what comes back is seen."""
    try:
        for number in range(3):
            sent = await drive.give(number)
            seen.append(sent)
    except ValueError as error:
        seen.append(str(error))
        seen.append(await drive.give("caught"))
    finally:
        seen.append("over")
    return "the end"


def iterated(seen: list[Any]) -> Generator[Any, Any, str]:
    return iterate_blocking(counted(BLOCKING, seen))


def iterated_on_a_loop(seen: list[Any]) -> AsyncGenerator[Any, Any]:
    return iterate_awaiting(counted(AWAITING, seen))


def test_items_come_one_by_one_and_the_end_is_returned() -> None:
    seen: list[Any] = []
    items = iterated(seen)
    assert [next(items), items.send("a"), items.send("b")] == [0, 1, 2]
    with pytest.raises(StopIteration) as ended:
        items.send("c")
    assert ended.value.value == "the end"
    assert seen == ["a", "b", "c", "over"]


def test_what_is_thrown_arrives_where_the_item_was_given() -> None:
    seen: list[Any] = []
    items = iterated(seen)
    next(items)
    assert items.throw(ValueError("no more")) == "caught"
    assert list(items) == []
    assert seen == ["no more", None, "over"]


def test_an_iteration_that_is_given_up_ends_the_run() -> None:
    seen: list[Any] = []
    items = iterated(seen)
    next(items)
    items.close()
    assert seen == ["over"]


def test_a_run_that_nobody_iterates_over_cannot_give() -> None:
    work = counted(BLOCKING, [])
    with pytest.raises(AssertionError):
        run_blocking(work)
    work.close()


@pytest.mark.asyncio
async def test_items_come_one_by_one_on_a_loop() -> None:
    seen: list[Any] = []
    items = iterated_on_a_loop(seen)
    assert [await anext(items), await items.asend("a"), await items.asend("b")] == [0, 1, 2]
    with pytest.raises(StopAsyncIteration):
        await items.asend("c")
    assert seen == ["a", "b", "c", "over"]


@pytest.mark.asyncio
async def test_what_is_thrown_arrives_where_the_item_was_given_on_a_loop() -> None:
    seen: list[Any] = []
    async with aclosing(iterated_on_a_loop(seen)) as items:
        await anext(items)
        assert await items.athrow(ValueError("no more")) == "caught"
    assert seen == ["no more", "over"]


@pytest.mark.asyncio
async def test_between_items_the_loop_goes_on() -> None:
    brought: Future[str] = Future()

    async def waits_between(drive: Drive) -> None:
        await drive.give("before")
        await drive.give(await drive.until(brought))

    items = iterate_awaiting(waits_between(AWAITING))
    assert await anext(items) == "before"
    second = asyncio.ensure_future(anext(items))
    await asyncio.sleep(0)
    assert not second.done()
    brought.set_result("brought")
    assert await second == "brought"


@pytest.mark.asyncio
async def test_a_cancelled_iteration_cancels_what_it_waits_for() -> None:
    seen: list[Any] = []

    async def waits_for_ever(drive: Drive) -> None:
        try:
            await drive.give("before")
            await drive.until(Future())
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    items = iterate_awaiting(waits_for_ever(AWAITING))
    await anext(items)
    second = asyncio.ensure_future(anext(items))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert seen == ["cancelled"]
