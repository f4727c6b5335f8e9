import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hanging import HANG_LIMIT
from penstockd.scheduler.usecases.namespaces import Namespaces
from penstockd.scheduler.usecases.waiters import Waiter, Waiters
from unit.scheduler.builders import a_waiting_run, wanted

pytestmark = pytest.mark.asyncio

SOON = timedelta(milliseconds=20)
NEVER = timedelta(hours=1)


def an_end(delay: timedelta = NEVER) -> float:
    return asyncio.get_running_loop().time() + delay.total_seconds()


async def rested(waiters: Waiters, waiter: Waiter, end: float) -> bool:
    """Return whether a hint ended the rest."""
    async with asyncio.timeout(HANG_LIMIT):
        await waiters.rest(waiter, end=end, next_due=None)
    return waiter.hinted


async def test_a_hint_that_comes_while_looking_ends_the_rest_at_once() -> None:
    waiters = Waiters(Namespaces(), look_again=NEVER)
    with waiters.waiting(wanted()) as waiter:
        with waiter.looking():
            waiters.hint("home", a_waiting_run())
        assert await rested(waiters, waiter, an_end())


async def test_only_the_first_of_a_line_looks_by_itself() -> None:
    waiters = Waiters(Namespaces(), look_again=SOON)
    with (
        waiters.waiting(wanted()) as first,
        waiters.waiting(wanted()) as second,
    ):
        async with asyncio.TaskGroup() as group:
            looks = group.create_task(rested(waiters, first, an_end()))
            rests = group.create_task(rested(waiters, second, an_end()))
            await looks
            assert not rests.done()
            rests.cancel()


async def test_the_next_keeps_the_time_when_the_first_has_left() -> None:
    waiters = Waiters(Namespaces(), look_again=SOON)
    leaving = waiters.waiting(wanted())
    leaving.__enter__()
    with waiters.waiting(wanted()) as second:
        rest = asyncio.create_task(rested(waiters, second, an_end()))
        await asyncio.sleep(0)
        leaving.__exit__(None, None, None)
        assert await rest is False


async def test_who_leaves_with_a_hint_hands_it_on() -> None:
    waiters = Waiters(Namespaces(), look_again=NEVER)
    leaving = waiters.waiting(wanted())
    first = leaving.__enter__()
    with waiters.waiting(wanted("urgent")) as second:
        waiters.hint("home", a_waiting_run(work_queue="urgent"))
        assert (first.hinted, second.hinted) == (True, False)
        leaving.__exit__(None, None, None)
        assert second.hinted


async def test_a_second_run_wakes_the_second_worker() -> None:
    waiters = Waiters(Namespaces(), look_again=NEVER)
    with (
        waiters.waiting(wanted()) as first,
        waiters.waiting(wanted()) as second,
        waiters.waiting(wanted()) as third,
    ):
        waiters.hint("home", a_waiting_run())
        waiters.hint("home", a_waiting_run())
        assert [it.hinted for it in (first, second, third)] == [True, True, False]


async def test_a_run_that_is_told_twice_wakes_one_worker_until_it_waits_again() -> None:
    waiters, run = Waiters(Namespaces(), look_again=NEVER), a_waiting_run()
    with (
        waiters.waiting(wanted()) as first,
        waiters.waiting(wanted()) as second,
    ):
        waiters.hint("home", run)
        waiters.hint("home", run)
        assert (first.hinted, second.hinted) == (True, False)
        waiters.hint("home", replace(run, revision=3))
        assert second.hinted


async def test_other_pools_and_namespaces_are_not_woken() -> None:
    waiters = Waiters(Namespaces(), look_again=NEVER)
    with (
        waiters.waiting(wanted()) as ours,
        waiters.waiting(wanted(namespace="away")) as theirs,
    ):
        waiters.hint("home", a_waiting_run(work_pool="other"))
        waiters.hint("away", a_waiting_run())
        assert (ours.hinted, theirs.hinted) == (False, True)
        waiters.hint_all("home")
        assert ours.hinted


async def test_nothing_is_kept_of_those_who_left() -> None:
    waiters = Waiters(Namespaces(), look_again=SOON)
    with waiters.waiting(wanted()) as waiter:
        await rested(waiters, waiter, an_end())
    assert (waiters._lines, waiters._look_at) == ({}, {})


async def test_only_those_who_can_start_a_run_are_woken_for_it() -> None:
    waiters = Waiters(Namespaces(), look_again=NEVER)
    with (
        waiters.waiting(wanted(program="python")) as python,
        waiters.waiting(wanted(program="handler:resize")) as resizer,
    ):
        waiters.hint("home", a_waiting_run(program="handler:resize"))
        assert (python.hinted, resizer.hinted) == (False, True)
        waiters.hint("home", a_waiting_run(program="handler:crop"))
        assert not python.hinted


async def test_who_got_another_run_than_it_was_woken_for_hands_the_hint_on() -> None:
    """The one that it got came first, and had woken somebody who can start nothing else."""
    waiters = Waiters(Namespaces(), look_again=NEVER)
    resize, ordinary = a_waiting_run(program="handler:resize"), a_waiting_run()
    both = replace(wanted(), programs=frozenset({"python", "handler:resize"}))
    with waiters.waiting(wanted(program="handler:resize")) as resizer:
        leaving = waiters.waiting(both)
        able = leaving.__enter__()
        with waiters.waiting(wanted()) as python:
            waiters.hint("home", resize)
            waiters.hint("home", ordinary)
            assert [it.hinted for it in (resizer, able, python)] == [True, True, False]
            with able.looking() as look:
                look.got = {resize.id}
            leaving.__exit__(None, None, None)
            assert python.hints == [ordinary]


@pytest.mark.parametrize("gets_it", [True, False])
async def test_a_hint_is_used_up_by_its_run_and_by_a_look_that_finds_nothing(
    gets_it: bool,
) -> None:
    waiters, run = Waiters(Namespaces(), look_again=NEVER), a_waiting_run()
    leaving = waiters.waiting(wanted())
    first = leaving.__enter__()
    with waiters.waiting(wanted()) as second:
        waiters.hint("home", run)
        with first.looking() as look:
            look.got = {run.id} if gets_it else ()
        leaving.__exit__(None, None, None)
        assert not second.hinted


async def test_a_hint_that_comes_while_others_are_claimed_is_handed_on() -> None:
    waiters, first_run, second_run = (
        Waiters(Namespaces(), look_again=NEVER), a_waiting_run(), a_waiting_run()
    )  # fmt: skip
    leaving = waiters.waiting(wanted())
    first = leaving.__enter__()
    with waiters.waiting(wanted()) as second:
        waiters.hint("home", first_run)
        with first.looking() as look:
            waiters.hint("home", second_run)
            look.got = {first_run.id}
        assert not second.hinted
        leaving.__exit__(None, None, None)
        assert second.hints == [second_run]
