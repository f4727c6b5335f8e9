"""Where in a module a decorated function stands, so that who imports the module finds it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

Namespace = Mapping[str, Any]
IsIt = Callable[[object], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A name in a module, which may lead through a class or an object: `Jobs.nightly`."""

    namespace: Namespace
    name: str


def places_of(fn: Callable[..., Any], is_it: IsIt) -> Iterator[Place]:
    """Yield each place at which `is_it` says yes, those in the function's own module first."""
    for namespace in _namespaces(fn):
        for name in _names_in(namespace, fn, is_it):
            if is_it(_at(namespace, name)):
                yield Place(namespace=namespace, name=name)


def _namespaces(fn: Callable[..., Any]) -> list[Namespace]:
    """Return those of all modules, each once.

    A decorator's wrapper may say that it is of another module than its code is, and a program
    under `python -m cProfile` has names that are of no module.
    """
    inner: Any = fn
    while isinstance(inner, partial):
        inner = inner.func
    own = sys.modules.get(fn.__module__)
    modules = [own, sys.modules.get("__main__"), *sys.modules.values()]
    namespaces = [getattr(module, "__dict__", None) for module in modules]
    namespaces.insert(1, getattr(inspect.unwrap(inner), "__globals__", None))
    return list({id(each): each for each in namespaces if isinstance(each, dict)}.values())


def _names_in(namespace: Namespace, fn: Callable[..., Any], is_it: IsIt) -> Iterator[str]:
    yield getattr(fn, "__qualname__", "")
    owner = getattr(fn, "__self__", None)
    for name, value in list(namespace.items()):
        if is_it(value):
            yield name
        elif owner is not None and value is owner:
            yield f"{name}.{getattr(fn, '__name__', '')}"
        elif isinstance(value, type) and value.__module__ == namespace.get("__name__"):
            yield from (f"{name}.{inner}" for inner, it in vars(value).items() if is_it(it))


def _at(namespace: Namespace, name: str) -> object:
    first, *rest = name.split(".")
    found = namespace.get(first)
    for part in rest:
        found = getattr(found, part, None)
    return found
