"""Which arguments a run of a deployment gets, and which are refused before it exists."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from penstockd.chassis.payload import JSON, Payload
from penstockd.scheduler.rules.json_schema import fits, type_of, wanted

LARGEST = 65_536

Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why a field cannot be taken, and how to mend it."""

    field: str
    message: str


def read(payload: Payload | None, *, field: str) -> Parameters | Refused:
    """Return the JSON object in a payload; none is an empty one."""
    if payload is None:
        return {}
    if payload.content_type != JSON or not isinstance(payload.data, bytes):
        return Refused(
            field=field,
            message=f"{field} must be inline {JSON}, and is {_kind(payload)}: "
            "pass large values by a path or an address",
        )
    try:
        value = json.loads(payload.data)
        write(value)
    except (ValueError, RecursionError) as error:
        return Refused(field=field, message=f"{field} is no JSON: {error}")
    if not isinstance(value, dict):
        return Refused(
            field=field, message=f"{field} must be a JSON object, and is {type_of(value)}"
        )
    return value


def write(value: Any) -> str:
    """Return the one text of a JSON value: equal texts, equal values. Raises ValueError."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text.encode()  # a lone surrogate is no character
    return text


def judge_defaults(defaults: Parameters, schema: Parameters) -> Refused | None:
    """What a deployment presets must be known and fit; what is missing may come with a run."""
    return _unknown(defaults, schema) or _unfit(defaults, schema)


def merge(defaults: Parameters, given: Parameters, schema: Parameters) -> str | Refused:
    """Return the arguments of a run as JSON: the given ones replace the defaults by name."""
    merged = {**defaults, **given}
    refused = _unknown(merged, schema) or _missing(merged, schema) or _unfit(merged, schema)
    if refused:
        return refused
    text = write(merged)
    if (size := len(text.encode())) > LARGEST:
        return Refused(
            field="parameters",
            message=f"the parameters take {size} bytes, and at most {LARGEST} fit: "
            "pass large values by a path or an address",
        )
    return text


def _unknown(parameters: Parameters, schema: Parameters) -> Refused | None:
    known = _properties(schema)
    if not schema or schema.get("additionalProperties", False) is not False:
        return None
    for name in parameters:
        if name not in known:
            names = ", ".join(known) or "none"
            return _refused(name, f"{name!r} is no parameter of the flow: it knows {names}")
    return None


def _missing(parameters: Parameters, schema: Parameters) -> Refused | None:
    required = schema.get("required", ())
    for name in required if isinstance(required, list) else ():
        if name not in parameters:
            given = ", ".join(parameters) or "none"
            return _refused(name, f"parameter {name!r} is required: given are {given}")
    return None


def _unfit(parameters: Parameters, schema: Parameters) -> Refused | None:
    known = _properties(schema)
    for name, value in parameters.items():
        if name in known and not fits(value, known[name], schema):
            want = wanted(known[name], schema)
            return _refused(name, f"parameter {name!r} must be {want}, and is {type_of(value)}")
    return None


def _properties(schema: Parameters) -> Parameters:
    known = schema.get("properties", {})
    return known if isinstance(known, Mapping) else {}


def _refused(name: object, message: str) -> Refused:
    return Refused(field=f"parameters.{name}", message=message)


def _kind(payload: Payload) -> str:
    return payload.content_type if isinstance(payload.data, bytes) else "kept elsewhere"
