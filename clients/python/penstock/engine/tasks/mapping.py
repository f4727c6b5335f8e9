"""One call of a task for each item of the lists given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from penstock.annotations import Annotation, allow_failure, unmapped
from penstock.engine.tasks.task_calls import submit_task
from penstock.exceptions import MappingLengthMismatch, MappingMissingIterable
from penstock.futures import PenstockFuture, PenstockFutureList
from penstock.states import State

if TYPE_CHECKING:
    from penstock.declarations import TaskDeclaration

_NO_LISTS = (str, bytes, bytearray, memoryview, type, Annotation, PenstockFuture, State)
# What has fields, or is opened and closed, is one thing, also if it can be iterated over.
_ONE_THING = ("__pydantic_fields__", "__dataclass_fields__", "__enter__", "__aenter__")


def map_task(
    task: TaskDeclaration, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> PenstockFutureList[Any]:
    wait_for = kwargs.pop("wait_for", None)
    names = [*range(len(args)), *kwargs]
    values = [_listed(value) for value in (*args, *kwargs.values())]
    lengths = {
        name: len(it) for name, it in zip(names, values, strict=True) if isinstance(it, _List)
    }
    if not lengths:
        raise MappingMissingIterable(f"{task.name}.map needs at least one list to map over")
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise MappingLengthMismatch(
            f"{task.name}.map needs lists of the same length, but got lengths {shown}"
        )
    futures: PenstockFutureList[Any] = PenstockFutureList()
    for place in range(next(iter(lengths.values()))):
        row = [it[place] if isinstance(it, _List) else it for it in values]
        named = dict(zip(kwargs, row[len(args) :], strict=True))
        if wait_for is not None:
            named["wait_for"] = wait_for
        futures.append(submit_task(task, tuple(row[: len(args)]), named))
    return futures


class _List(list[Any]):
    """Items of which each call gets one; any other list goes to every call."""


def _listed(value: Any) -> Any:
    if isinstance(value, unmapped):
        return value.value
    if isinstance(value, PenstockFuture):
        return _listed(value.result())
    if isinstance(value, allow_failure) and _is_list(value.value):
        return _List(allow_failure(each) for each in value.value)
    return _List(value) if _is_list(value) else value


def _is_list(value: Any) -> bool:
    kind = type(value)
    if issubclass(kind, _NO_LISTS) or not issubclass(kind, Iterable):
        return False
    if any(name in vars(base) for base in kind.__mro__ for name in _ONE_THING):
        return False
    try:
        iter(value)
    except TypeError:
        # An array without dimensions is one number.
        return False
    return True
