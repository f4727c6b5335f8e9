"""Serialises the user's values: results, exceptions, arguments."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from penstock.ground.texts import repr_of
from penstock.payloads.plain import as_json
from penstock.payloads.sinks import TooLong
from penstock.payloads.values import (
    INLINE_LIMIT,
    JSON,
    NONE,
    REDACTED,
    CannotPickle,
    EncodedPayload,
)

# All arguments of one call, as far as they travel inside the message.
PARAMETERS_LIMIT = 512 * 1024
# A digest with the size of what it names.
_REFERENCE_BYTES = 50


def encode(value: object, limit: int | None = None) -> EncodedPayload | None:
    """Return the value as bytes, or nothing if they are more than the limit.

    It is JSON if that is exact; what is longer than the limit as JSON may be short as a pickle.

    Raises:
        CannotPickle: neither JSON nor pickle can say it.
    """
    if value is None:
        return NONE
    try:
        return as_json(value, limit) or as_pickle(value, limit)
    except TooLong:
        return None


def as_pickle(value: object, limit: int | None = None) -> EncodedPayload:
    """Return the value as a pickle, with a marker in place of each secret.

    Raises:
        CannotPickle: it cannot be pickled.
        TooLong: it takes more bytes than the limit.
    """
    from penstock.payloads.pickles import pickled

    return pickled(value, limit)


def encode_parameters(
    parameters: Mapping[str, Any], secret_names: Collection[str] = ()
) -> dict[str, EncodedPayload]:
    """Return a call's arguments, each as bytes of its own; an unsayable one as its repr.

    Args:
        parameters: arguments by name.
        secret_names: parameters that are secret by their annotation, whatever they are given.
    """
    return {
        name: _SECRET if name in secret_names and value is not None else _argument(value)
        for name, value in parameters.items()
    }


def to_upload(parameters: Mapping[str, EncodedPayload]) -> frozenset[str]:
    """Return which arguments travel by their digest, so that the rest fits into one message.

    These are all above the limit of one, then the largest until the whole is below its limit.
    """
    sizes = {name: len(name.encode()) + each.size for name, each in parameters.items()}
    chosen = {name for name, each in parameters.items() if len(each.data) > INLINE_LIMIT}
    total = sum(sizes[name] for name in parameters if name not in chosen)
    total += _REFERENCE_BYTES * len(chosen)
    for name in sorted(parameters, key=lambda name: len(parameters[name].data), reverse=True):
        if total <= PARAMETERS_LIMIT:
            break
        if name not in chosen:
            chosen.add(name)
            total += _REFERENCE_BYTES - len(parameters[name].data)
    return frozenset(chosen)


def _argument(value: object) -> EncodedPayload:
    try:
        encoded = encode(value)
    except CannotPickle:
        encoded = as_json(repr_of(value))
    return encoded or NONE


_SECRET = EncodedPayload(JSON, b'"%b"' % REDACTED.encode(), (), ("",))
