"""Pickles of values, without the secrets in them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import cloudpickle  # type: ignore[import-untyped]

from penstock.ground.texts import cut, repr_of, text_of
from penstock.payloads.secret_values import reduced, secret_classes
from penstock.payloads.sinks import BoundedSink, TooLong
from penstock.payloads.values import PICKLE, CannotPickle, EncodedPayload

LONGEST_REASON = 2000


def pickled(value: object, limit: int | None = None) -> EncodedPayload:
    """Return the value as a pickle, with a marker in place of each secret.

    Raises:
        CannotPickle: it cannot be pickled.
        TooLong: it takes more bytes than the limit.
    """
    sink = BoundedSink(limit)
    try:
        _Pickler(sink).dump(value)
    except TooLong:
        raise
    except Exception as error:
        reason = cut(text_of(error), LONGEST_REASON)
        raise CannotPickle(f"{repr_of(value)} cannot be pickled: {reason}") from error
    return EncodedPayload(PICKLE, sink.getvalue())


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Never writes what a secret holds, however deep it lies."""

    def __init__(self, sink: BytesIO) -> None:
        super().__init__(sink, protocol=5)
        self._secrets = secret_classes()

    def reducer_override(self, value: Any) -> Any:
        if issubclass(type(value), self._secrets):
            return reduced(value)
        return super().reducer_override(value)
