"""Pickles of values: what is kept, without the secrets in it; what goes to another process."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO, TextIOWrapper
from pickle import loads
from types import FunctionType
from typing import Any

import cloudpickle  # type: ignore[import-untyped]

from penstock.ground.texts import cut, name_of, repr_of, text_of
from penstock.payloads.secret_values import reduced, secret_classes
from penstock.payloads.sinks import BoundedSink, TooLong
from penstock.payloads.values import PICKLE, CannotPickle, EncodedPayload
from penstock.process.functions import at_its_name

LONGEST_REASON = 2000
# A method of what has two ways: this one is for picklers that can carry functions by value.
_OWN_WAY = "__penstock_pickle__"
# cloudpickle makes a StringIO of an open file, and bytes of a view.
_COPIED_AS_OTHERS = (TextIOWrapper, memoryview)
_OWN_WAYS = ("__reduce__", "__reduce_ex__", "__setstate__")


def pickled(value: object, limit: int | None = None) -> EncodedPayload:
    """Return the value as a pickle, with a marker in place of each secret.

    Raises:
        CannotPickle: it cannot be pickled.
        TooLong: it takes more bytes than the limit.
    """
    sink = BoundedSink(limit)
    try:
        _WithoutSecrets(sink).dump(value)
    except TooLong:
        raise
    except Exception as error:
        reason = cut(text_of(error), LONGEST_REASON)
        raise CannotPickle(f"{repr_of(value)} cannot be pickled: {reason}") from error
    return EncodedPayload(PICKLE, sink.getvalue())


def frozen(value: object) -> Callable[[], Any]:
    """Return what makes the value again, each time another one; its secrets stay in it.

    Raises:
        CannotPickle: it cannot be pickled, or nothing can be made of the pickle.
    """
    sink = BytesIO()
    try:
        _Frozen(sink, protocol=5).dump(value)
        again = partial(loads, sink.getvalue())
        again()
    except Exception as error:
        reason = cut(text_of(error), LONGEST_REASON)
        raise CannotPickle(f"{repr_of(value)} cannot be pickled: {reason}") from error
    return again


def portable(value: object) -> tuple[Callable[[bytes], Any], tuple[bytes]]:
    """Return what makes the value again, for pickles that cannot carry its functions."""
    sink = BytesIO()
    Pickler(sink, protocol=5).dump(value)
    return loads, (sink.getvalue(),)


class Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Carries functions by value if no other process finds them by their names."""

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if hasattr(kind, _OWN_WAY):
            return getattr(kind, _OWN_WAY)(value)
        if kind is FunctionType:
            found = at_its_name(value)
            if hasattr(type(found), _OWN_WAY) and found.__wrapped__ is value:
                # Under its name there is what `@flow` or `@task` made of it.
                return getattr, (found, "__wrapped__")
        return super().reducer_override(value)


class _Frozen(Pickler):
    """Refuses what would come back as something else, or be called when it is read.

    A proxy answers every name, so that reading its pickle calls `__setstate__` of whatever it
    stands for.
    """

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if issubclass(kind, _COPIED_AS_OTHERS):
            raise TypeError(f"a {name_of(kind)} cannot be copied")
        answers = _says(kind, "__getattr__") and not issubclass(kind, type)
        if answers and not _says(kind, *_OWN_WAYS):
            raise TypeError(f"{name_of(kind)} returns something for every attribute name")
        return super().reducer_override(value)


def _says(kind: type, *methods: str) -> bool:
    """Tell whether the class, but not its metaclass or `object`, has one of the methods."""
    return any(each in vars(base) for base in kind.__mro__[:-1] for each in methods)


class _WithoutSecrets(Pickler):
    """Never writes what a secret holds, however deep it lies."""

    def __init__(self, sink: BytesIO) -> None:
        super().__init__(sink, protocol=5)
        self._secrets = secret_classes()

    def reducer_override(self, value: Any) -> Any:
        if issubclass(type(value), self._secrets):
            return reduced(value)
        return super().reducer_override(value)
