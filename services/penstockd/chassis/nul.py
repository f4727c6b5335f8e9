"""No text that is kept holds NUL, which PostgreSQL has not: each becomes U+FFFD.

Where a text is a key, the contract refuses NUL before. Elsewhere, as in what a program prints,
people should not lose a line for it.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import FieldDescriptor

NUL, INSTEAD = "\0", "\ufffd"
_STRING = FieldDescriptor.TYPE_STRING


def replace_nul(message: Any) -> None:
    """Replace it in every text of a message, and of the messages in it."""
    # Few messages have that byte anywhere, and only those are walked.
    if b"\0" in message.SerializeToString():
        _replace(message)


def _replace(message: Any) -> None:
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            _replace_in_map(field.message_type, value)
        elif field.message_type is not None:
            for part in value if field.is_repeated else (value,):
                _replace(part)
        elif field.type != _STRING:
            continue
        elif not field.is_repeated:
            if NUL in value:
                setattr(message, field.name, _without(value))
        elif any(NUL in text for text in value):
            value[:] = map(_without, value)


def _replace_in_map(entry: Any, pairs: Any) -> None:
    keys, values = (entry.fields_by_name[it] for it in ("key", "value"))
    for key in [it for it in pairs if keys.type == _STRING and NUL in it]:
        if values.message_type is None:
            pairs[_without(key)] = pairs.pop(key)
        else:
            pairs[_without(key)].CopyFrom(pairs.pop(key))
    for key in pairs:
        if values.message_type is not None:
            _replace(pairs[key])
        elif values.type == _STRING and NUL in pairs[key]:
            pairs[key] = _without(pairs[key])


def _without(text: str) -> str:
    return text.replace(NUL, INSTEAD)
