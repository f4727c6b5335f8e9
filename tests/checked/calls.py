"""What type checkers see of calls: `make types` checks it, and nothing runs it.

An error that is no longer told makes its `ignore` an error.
"""

from __future__ import annotations

from typing import Any, TypeVar, assert_type
from uuid import UUID

from penstock import State, allow_failure, flow, task, unmapped
from penstock.futures import PenstockFuture, PenstockFutureList, as_completed, wait
from penstock.transactions import Transaction, transaction

T = TypeVar("T")


@task
def repeat(text: str, times: int = 1) -> str:
    return text * times


@task(retries=2, tags=["slow"])
async def fetch(place: str, size: int) -> bytes:
    return place.encode() * size


@task
def total(numbers: list[int]) -> int:
    return sum(numbers)


@task
def length(text: str) -> int:
    return len(text)


@task
def join(first: str, second: str, *, between: str) -> str:
    return first + between + second


@task
def four(a: int, b: int, c: int, d: int) -> int:
    return a + b + c + d


@task
def first_of(items: list[T]) -> T:
    return items[0]


@task
def anything(value: Any) -> Any:
    return value


@flow
def report(year: int, title: str = "") -> list[str]:
    return [title] * year


@flow(retries=1, log_prints=True)
async def collect(year: int) -> float:
    return float(year)


class Shop:
    @task
    def price(self, item: str) -> float:
        return float(len(item))

    @task(retries=1)
    async def order(self, item: str) -> bool:
        return bool(item)

    @classmethod
    @task
    def opened(cls, town: str) -> Shop:
        return cls()

    @staticmethod
    @task
    def vat(net: float) -> float:
        return net * 0.2

    @flow
    def day(self, date: str) -> int:
        return len(date)

    @classmethod
    @flow
    def year(cls, number: int) -> str:
        return str(number)


def attributes() -> None:
    assert_type(repeat.name, str)
    assert_type(report.validate_parameters, bool)
    assert_type(repeat.with_options(retries=3).submit("a"), PenstockFuture[str])

    @repeat.on_rollback
    def forget(undone: Transaction) -> None:
        del undone

    forget.missing  # type: ignore[attr-defined]  # pyright: ignore[reportFunctionMemberAccess]
    assert_type([hook(None) for hook in repeat.on_commit_hooks], list[Any])
    assert_type([hook(None) for hook in repeat.on_rollback_hooks], list[Any])
    report.on_commit_hooks  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    assert_type(report.deploy("nightly", "pool"), UUID)


def submitted() -> None:
    assert_type(repeat.submit("a", times=2), PenstockFuture[str])
    assert_type(repeat.submit("a").result(), str)
    assert_type(repeat.submit("a").state, State[str])
    assert_type(fetch.submit("a", 2), PenstockFuture[bytes])
    assert_type(repeat.submit("a", return_state=True), State[str])
    assert_type(fetch.submit("a", 2, return_state=True).result(), bytes)
    assert_type(anything.submit(1), PenstockFuture[Any])
    assert_type(first_of.submit([1]), PenstockFuture[int])
    repeat.submit(1)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    repeat.submit()  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    fetch.submit("a")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    four.submit(1, 2, 3, "4")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


def futures_as_arguments() -> None:
    text, number = repeat.submit("a"), length.submit("a")
    assert_type(length.submit(text), PenstockFuture[int])
    assert_type(repeat.submit(text, times=2), PenstockFuture[str])
    assert_type(repeat.submit(text, number), PenstockFuture[str])
    assert_type(fetch.submit("a", number), PenstockFuture[bytes])
    assert_type(four.submit(1, 2, number, 4), PenstockFuture[int])
    assert_type(length.submit(allow_failure(text)), PenstockFuture[int])
    assert_type(total.submit(length.map(["a", "b"])), PenstockFuture[int])
    assert_type(total.submit([number, number]), PenstockFuture[int])
    assert_type(join.submit("a", "b", between=text, wait_for=[text]), PenstockFuture[str])
    assert_type(length(text), int)
    assert_type(repeat("a", number, wait_for=[text]), str)
    length.submit(number)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]
    repeat.submit("a", text)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType, reportCallIssue]


def mapped() -> None:
    assert_type(length.map(["a", "b"]), PenstockFutureList[int])
    assert_type(length.map(["a", "b"]).result(), list[int])
    assert_type(repeat.map(["a"], range(3)), PenstockFutureList[str])
    assert_type(repeat.map(["a"], unmapped(3)), PenstockFutureList[str])
    assert_type(repeat.map(["a"], times=3), PenstockFutureList[str])
    assert_type(repeat.map(text=["a"], times=3), PenstockFutureList[str])
    assert_type(length.map(repeat.map(["a"])), PenstockFutureList[int])
    assert_type(total.map([[1], [2]]), PenstockFutureList[int])
    assert_type(fetch.map(["a"], 2), PenstockFutureList[bytes])
    assert_type(anything.map([1]), PenstockFutureList[Any])
    assert_type(four.map([1], 2, 3, 4), PenstockFutureList[int])
    assert_type(length.map(["a"], return_state=True), list[State[int]])
    length.map([1])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    repeat.map(["a"], ["b"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    length.map(["a"], ["b"])  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    length.map(length.map(["a"]))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def states() -> None:
    assert_type(repeat("a", return_state=True), State[str])
    assert_type(repeat("a", 2, return_state=True), State[str])
    assert_type(anything(1, return_state=True), State[Any])
    assert_type(repeat(text="a", return_state=True).result(), str)
    assert_type(report(2020, return_state=True), State[list[str]])
    assert_type(four(1, 2, 3, 4, return_state=True), State[int])
    assert_type(length(repeat.submit("a"), return_state=True), State[int])
    repeat(1, return_state=True)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    repeat("a", "b", return_state=True)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


async def asynchronous() -> None:
    assert_type(await fetch("a", 2), bytes)
    assert_type(await fetch("a", 2, return_state=True), State[bytes])
    assert_type(await fetch("a", size=2, return_state=True), State[bytes])
    assert_type(await collect(2020), float)
    assert_type((await collect(2020, return_state=True)).result(), float)
    await fetch("a", "b")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


def methods(shop: Shop) -> None:
    assert_type(shop.price("tea"), float)
    assert_type(Shop.price(shop, "tea"), float)
    assert_type(shop.price.submit("tea"), PenstockFuture[float])
    assert_type(shop.price.map(["tea"]), PenstockFutureList[float])
    assert_type(shop.price("tea", return_state=True), State[float])
    assert_type(shop.order.submit("tea"), PenstockFuture[bool])
    assert_type(shop.price.retries, int)
    assert_type(shop.day("monday"), int)
    assert_type(shop.day("monday", return_state=True), State[int])
    shop.price(1)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    shop.price.submit(1)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    shop.price.map([1])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    shop.day(1)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


def methods_of_the_class(shop: Shop) -> None:
    assert_type(Shop.opened("Ulm"), Shop)
    assert_type(shop.opened.submit("Ulm"), PenstockFuture[Shop])
    assert_type(Shop.year(2020), str)
    assert_type(Shop.vat(1.0), float)
    assert_type(shop.vat(1.0), float)
    assert_type(Shop.vat.submit(1.0), PenstockFuture[float])
    Shop.opened(1)  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]
    shop.vat.submit("a")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType, reportCallIssue]


def several() -> None:
    futures = [length.submit(text) for text in "abc"]
    assert_type([future.result() for future in as_completed(futures)], list[int])
    assert_type(wait(futures).done, set[PenstockFuture[int]])
    anything: list[PenstockFuture[object]] = [length.submit("a"), repeat.submit("a")]
    assert_type(anything[0].result(), object)
    with transaction() as around:
        assert_type(around, Transaction)
