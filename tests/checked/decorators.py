"""How type checkers see the decorators: `make types` checks this, and nothing runs it.

An error that is no longer told makes its `type: ignore` an error.
"""

from typing import Any, assert_type

from penstock import Flow, Task, flow, task
from penstock.task_runners import ThreadPoolTaskRunner


@task
def bare(number: int, text: str = "") -> float:
    return number / len(text)


@task(
    name="add",
    retries=2,
    retry_delay_seconds=lambda retries: [0.5] * retries,
    tags=["math"],
    retry_condition_fn=lambda _task, _run, state: state.is_failed(),
    on_rollback=[print],
)
def with_options(number: int) -> int:
    return number


@flow(retries=1, retry_delay_seconds=[1, 2.5], task_runner=ThreadPoolTaskRunner())
async def pipeline(number: int) -> str:
    return str(number)


@with_options.on_rollback
def undo(transaction: Any) -> None:
    del transaction


async def calls_keep_the_functions_signature() -> None:
    assert_type(bare(1, text="x"), float)
    assert_type(with_options(1), int)
    assert_type(await pipeline(1), str)
    bare("1")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    with_options(1, 2)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    await pipeline()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


def options_are_read_as_they_are_kept() -> None:
    assert_type(with_options.tags, frozenset[str])
    assert_type(with_options.options.retries, int)
    assert_type(with_options.name, str)
    assert_type(pipeline.delays, tuple[float, ...])
    with_options.sumbit()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    with_options.options.retries = 3  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def copies_have_the_same_signature(chosen: Task[[int], int], other: Flow[[], None]) -> None:
    assert_type(chosen.with_options(retries=3)(1), int)
    assert_type(other.with_options(name="b")(), None)


def what_no_decorator_takes_is_told() -> None:
    task(retires=2)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    task(retries="3")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    task(tags=5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    task(on_commit=print)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    task(flow_run_name="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    flow(tags=["x"])  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    flow(timeout_seconds="10")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
    flow(task_runner=5)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]
