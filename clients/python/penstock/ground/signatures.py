"""A call laid against a signature: bound, or told in words what is wrong with it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from inspect import Parameter
from typing import Any

from penstock.exceptions import ParameterBindError

_BY_POSITION = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
_MANY = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


def bound_arguments(
    named: str, signature: inspect.Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> inspect.BoundArguments:
    """Return a call's arguments by name, without those left out.

    Raises:
        ParameterBindError: a name is unknown or given twice, or one is missing.
    """
    try:
        return signature.bind(*args, **kwargs)
    except TypeError as error:
        wrong = [*_misfits(signature, args, kwargs)] or [str(error)]
    raise unfit(named, signature, *wrong)


def unfit(named: str, signature: inspect.Signature, *wrong: str) -> ParameterBindError:
    """Make the error that says all that is wrong with a call."""
    return ParameterBindError(f"{named}() {', and '.join(wrong)}: it takes {signature}")


def needs(missing: Sequence[str]) -> str:
    return f"needs {_arguments(len(missing))} {_listed(missing)}"


def has_no(unknown: Iterable[str]) -> str:
    return f"has no parameter {', '.join(unknown)}"


def _misfits(
    signature: inspect.Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Iterator[str]:
    """Yield all that is wrong with the call."""
    parameters = {name: it for name, it in signature.parameters.items() if it.kind not in _MANY}
    kinds = {it.kind for it in signature.parameters.values()}
    in_order = [name for name, it in parameters.items() if it.kind in _BY_POSITION]
    placed = set(in_order[: len(args)])
    nameable = {
        name for name, it in parameters.items() if it.kind is not Parameter.POSITIONAL_ONLY
    }
    if Parameter.VAR_KEYWORD not in kinds:
        if unknown := sorted(set(kwargs).difference(parameters)):
            yield has_no(unknown)
        if misplaced := [it for it in in_order if it in kwargs and it not in nameable]:
            yield f"takes {_listed(misplaced)} by position, not by name"
    if Parameter.VAR_POSITIONAL not in kinds and len(args) > len(in_order):
        count = len(in_order)
        yield f"takes {count or 'no'} {_arguments(count)} by position, not {len(args)}"
    if twice := [it for it in in_order if it in placed and it in nameable and it in kwargs]:
        yield f"was given {_listed(twice)} twice, by position and by name"
    if missing := [*_missing(parameters, placed.union(kwargs))]:
        yield needs(missing)


def _missing(parameters: Mapping[str, Parameter], given: Set[str]) -> Iterator[str]:
    for name, parameter in parameters.items():
        if parameter.default is Parameter.empty and name not in given:
            yield name


def _arguments(count: int) -> str:
    return "argument" if count == 1 else "arguments"


def _listed(names: Iterable[str]) -> str:
    """Return `'a', 'b' and 'c'`."""
    *others, last = map(repr, names)
    return f"{', '.join(others)} and {last}" if others else last
