"""Tasks and flows that wait for others go on with one thread for all."""

import asyncio
from typing import Any

from penstock import flow, task
from penstock.task_runners import ThreadPoolTaskRunner
from penstock.transactions import atransaction


def test_async_tasks_that_wait_for_tasks_do_not_deadlock_on_one_thread() -> None:
    @task
    async def leaf(number: int) -> int:
        await asyncio.sleep(0)
        return number

    @task
    async def branch() -> Any:
        return sum(leaf.map([1, 2]).result())

    @task
    async def grouped() -> Any:
        async with atransaction():
            future = leaf.submit(3)
        return future.result()

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=1))
    def tree() -> Any:
        return branch.submit().result() + grouped.submit().result()

    assert tree() == 6


def test_a_subflow_in_a_task_may_wait_for_its_only_thread() -> None:
    @task
    def leaf() -> int:
        return 1

    @flow
    def inner(number: Any) -> Any:
        return number + 1

    @task
    def branch() -> Any:
        return inner(leaf.submit())

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=1))
    def outer() -> Any:
        return branch.submit().result()

    assert outer() == 2
