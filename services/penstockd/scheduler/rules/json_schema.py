"""Whether a JSON value is of the kind that a JSON Schema asks for, one level deep.

What an editor must be told at once, before a run exists: a missing or unknown name, and a
value of the wrong type. The flow itself checks everything else when it starts.
"""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_MOST_STEPS = 20


def fits(value: Any, schema: Any, root: Schema) -> bool:
    """Judge by type, enum, const, anyOf, oneOf and $ref; whatever else it says is let pass."""
    schema = followed(schema, root)
    if not isinstance(schema, Mapping):
        return True
    choices = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(choices, list) and not any(fits(value, each, root) for each in choices):
        return False
    if isinstance(allowed := schema.get("enum"), list) and not _among(value, allowed):
        return False
    if "const" in schema and not _among(value, [schema["const"]]):
        return False
    return _is_of(value, schema.get("type"))


def wanted(schema: Any, root: Schema) -> str:
    """Return in words what the schema asks for."""
    schema = followed(schema, root)
    if not isinstance(schema, Mapping):
        return "any"
    choices = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(choices, list):
        return " or ".join(wanted(each, root) for each in choices)
    if isinstance(allowed := schema.get("enum"), list):
        return f"one of {allowed}"
    if "const" in schema:
        return repr(schema["const"])
    types = schema.get("type", "any")
    return " or ".join(map(str, types)) if isinstance(types, list) else str(types)


def type_of(value: Any) -> str:
    """Return the JSON Schema name of a value's type, the narrowest one."""
    return next(name for name in (*_TYPES, "any") if name == "any" or _is(value, name))


def _is_of(value: Any, types: Any) -> bool:
    names = types if isinstance(types, list) else [types]
    return any(not isinstance(name, str) or _is(value, name) for name in names)


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean" or name not in _TYPES
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES.get(name, (object,)))


def _among(value: Any, allowed: list[Any]) -> bool:
    """JSON tells true from 1, Python's `==` does not."""
    return any(
        value == each and isinstance(value, bool) == isinstance(each, bool) for each in allowed
    )


def followed(schema: Any, root: Schema) -> Any:
    """Return what `#/a/b` points to; a reference that leads nowhere asks for nothing."""
    for _ in range(_MOST_STEPS):
        if not isinstance(schema, Mapping) or "$ref" not in schema:
            return schema
        path = str(schema["$ref"]).removeprefix("#/").split("/")
        schema = root
        for part in path:
            schema = schema.get(part) if isinstance(schema, Mapping) else None
    return None
