"""Deserialises the user's values."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from penstock.exceptions import MissingResult
from penstock.payloads.pointers import target_of
from penstock.payloads.values import JSON, PICKLE, UnreadablePayload

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,639})")


def decode(
    content_type: str,
    data: bytes,
    integer_pointers: Sequence[str] = (),
    redacted_pointers: Sequence[str] = (),
) -> Any:
    """Return the value that the bytes say; where a secret was, one that holds a marker.

    Raises:
        MissingResult: nobody here can read this content type.
        UnreadablePayload: it is no JSON, or a pointer leads to nothing of its kind.
    """
    if content_type == JSON:
        value = _from_json(data)
        if integer_pointers or redacted_pointers:
            return _restored(value, integer_pointers, redacted_pointers)
        return value
    if content_type == PICKLE:
        import pickle

        return pickle.loads(data)  # noqa: S301 - written by this namespace's own processes
    raise MissingResult(f"content of type {content_type} cannot be read here")


def _from_json(data: bytes) -> Any:
    try:
        return _to_value(data.decode())
    except (ValueError, RecursionError) as error:
        raise UnreadablePayload(f"the bytes are not valid JSON: {error}") from None


def _restored(value: Any, integers: Sequence[str], secrets: Sequence[str]) -> Any:
    holder = [value]
    for pointer in integers:
        container, key = target_of(holder, pointer)
        text = container[key]
        if type(text) is not str or not _INTEGER.fullmatch(text):
            raise UnreadablePayload(
                f"the JSON Pointer {pointer!r} should lead to a string of digits, but "
                f"leads to {_shown(text)}"
            )
        container[key] = int(text)
    if secrets:
        from pydantic import SecretStr

        for pointer in secrets:
            container, key = target_of(holder, pointer)
            if type(container[key]) is not str:
                raise UnreadablePayload(
                    f"the JSON Pointer {pointer!r} should lead to the marker of a secret, but "
                    f"leads to {_shown(container[key])}"
                )
            container[key] = SecretStr(container[key])
    return holder[0]


def _shown(value: Any) -> str:
    if type(value) is str:
        return f"the string {value[:40]!r}"
    return f"a value of type {type(value).__name__}"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a valid JSON number")


_to_value = json.JSONDecoder(parse_constant=_refuse).decode
