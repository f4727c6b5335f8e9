"""Which arguments a run of a deployment gets, and which are refused before it exists.

Arguments are handed on as they came. Only what is JSON and stands in the message is looked
into, to tell at once whether it is of the kind that the flow's schema asks for.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from penstockd.chassis.payload import JSON, Payload
from penstockd.scheduler.rules.json_schema import Schema, can_be_judged, fits, type_of, wanted
from penstockd.scheduler.rules.json_values import read_json
from penstockd.scheduler.rules.meta_schema import fault_in
from penstockd.scheduler.rules.refused import Refused
from penstockd.scheduler.rules.run_spec import Parameters
from penstockd.scheduler.rules.secrets import secrets_in
from penstockd.scheduler.rules.steps import Steps

LARGEST = 512 * 1024
# What JSON Schema says of arguments that it does not name, of which a run may have a thousand.
OTHERS = "additionalProperties"
ENOUGH_FOR_OTHERS = 500


def schema_in(payload: Payload | None, *, field: str) -> Schema | Refused:
    """Return the JSON Schema in a payload; none is an empty one, which takes everything."""
    if payload is None:
        return {}
    if payload.content_type != JSON or not isinstance(payload.data, bytes):
        return Refused(
            field=field, message=f"{field} must be inline {JSON}, not {_kind(payload)}"
        )
    try:
        schema = read_json(payload.data)
    except ValueError as error:
        return Refused(field=field, message=f"{field} is not valid JSON: {error}")
    if not isinstance(schema, dict):
        message = f"{field} must be a JSON object, not {type_of(schema)}"
        return Refused(field=field, message=message)
    return schema


def judge_schema(schema: Schema, *, field: str) -> Refused | None:
    """A schema that is kept is one, and any value can be held against it in a few steps."""
    if fault := fault_in(schema):
        place, why = fault
        return Refused(
            field=field, message=f"{field} is not a valid JSON Schema at {place}: {why}"
        )
    steps, steps_of_others = Steps(), Steps(ENOUGH_FOR_OTHERS)
    judged = [
        (f"/properties/{name}", wish, steps) for name, wish in _properties(schema).items()
    ]
    judged.append((f"/{OTHERS}", schema.get(OTHERS), steps_of_others))
    for place, wish, left in judged:
        if not can_be_judged(wish, schema, left):
            message = (
                f"{field} at {place} takes too long to check: it has references to "
                "itself, or too many alternatives; make it simpler, and let the flow "
                "check the rest"
            )
            return Refused(field=field, message=message)
    return None


def judge_defaults(defaults: Parameters, schema: Schema, *, field: str) -> Refused | None:
    """What a deployment presets must be known and fit; what is missing may come with a run."""
    return (
        _too_large(defaults, field)
        or _unknown(defaults, schema, field)
        or _unfit(defaults, schema, field)
    )


def merged(
    defaults: Parameters, given: Parameters, schema: Schema, *, field: str
) -> Parameters | Refused:
    """Return the arguments of a run: the given ones replace the defaults by name."""
    parameters = {**defaults, **given}
    refused = (
        _too_large(parameters, field)
        or _unknown(parameters, schema, field)
        or _missing(parameters, schema, field)
        or _unfit(parameters, schema, field)
    )
    return refused or parameters


def _too_large(parameters: Parameters, field: str) -> Refused | None:
    datas = (each.data for each in parameters.values())
    size = sum(len(data) for data in datas if isinstance(data, bytes))
    if size <= LARGEST:
        return None
    message = (
        f"the parameters take {size:,} bytes inline, but at most {LARGEST:,} are "
        "allowed: upload the large ones, and send their digests"
    )
    return Refused(field=field, message=message)


def _unknown(parameters: Parameters, schema: Schema, field: str) -> Refused | None:
    known = _properties(schema)
    if not schema or schema.get(OTHERS, False) is not False:
        return None
    for name in parameters:
        if name not in known:
            message = f"the flow has no parameter {name!r}: it takes {_listed(known)}"
            return Refused(field=f"{field}.{name}", message=message)
    return None


def _missing(parameters: Parameters, schema: Schema, field: str) -> Refused | None:
    required = schema.get("required", ())
    for name in required if isinstance(required, list) else ():
        if name not in parameters:
            message = f"parameter {name!r} is required, but the call has {_listed(parameters)}"
            return Refused(field=f"{field}.{name}", message=message)
    return None


def _unfit(parameters: Parameters, schema: Schema, field: str) -> Refused | None:
    steps = Steps()
    for name, payload in parameters.items():
        if payload.content_type == JSON and isinstance(payload.data, bytes):
            why = _why_unfit(name, payload, payload.data, schema, steps)
            if why:
                return Refused(field=f"{field}.{name}", message=f"parameter {name!r} {why}")
    return None


def _why_unfit(name: str, payload: Payload, data: bytes, schema: Schema, steps: Steps) -> str:
    try:
        value = read_json(data, payload.integer_pointers)
    except ValueError as error:
        return f"is not valid {JSON}: {error}"
    wish = _properties(schema).get(name, schema.get(OTHERS))
    if wish is not None and not fits(value, wish, schema):
        return f"must be {wanted(wish, schema)}, not {type_of(value)}"
    found = secrets_in(value, wish, schema, payload.redacted_pointers, steps)
    if found == "a secret":
        return (
            "is or contains a secret, and would be stored unencrypted: pass it to "
            "the flow in another way, such as an environment variable"
        )
    if found == "too much":
        return "is too large to be searched for secrets: upload it, and send its digest"
    return ""


def _properties(schema: Schema) -> Mapping[str, Any]:
    known = schema.get("properties", {})
    return known if isinstance(known, Mapping) else {}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _kind(payload: Payload) -> str:
    return payload.content_type if isinstance(payload.data, bytes) else "kept elsewhere"
