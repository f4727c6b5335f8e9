"""Whether a JSON value is of the kind that a JSON Schema asks for, one level deep.

What an editor must be told at once, before a run exists: a missing or unknown name, and a
value of the wrong type. The flow itself checks everything else when it starts.

References make a small schema a large or endless one. So a schema is walked before it is kept:
what `fits` does later is what `can_be_judged` counted.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from penstockd.scheduler.rules.steps import Steps

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
# A reference to a reference, and a choice within a choice.
_MOST_HOPS = 20
_MOST_DEPTH = 50
_MOST_WISHES = 10
_LONGEST_WISH = 200


def can_be_judged(schema: Any, root: Schema, steps: Steps) -> bool:
    """Tell whether every value can be held against the schema in that many steps."""
    todo = [(schema, 0)]
    while todo:
        at, depth = todo.pop()
        if depth > _MOST_DEPTH or not steps.spend(_hops(at)):
            return False
        at = followed(at, root)
        if isinstance(at, Mapping):
            if not steps.spend(_weight(at)):
                return False
            todo += ((choice, depth + 1) for choice in _choices(at))
    return True


def fits(value: Any, schema: Any, root: Schema) -> bool:
    """Judge by type, enum, const, anyOf, oneOf and $ref; whatever else it says is let pass."""
    schema = followed(schema, root)
    if not isinstance(schema, Mapping):
        return True
    choices = _choices(schema)
    if choices and not any(fits(value, each, root) for each in choices):
        return False
    if isinstance(allowed := schema.get("enum"), list) and not _among(value, allowed):
        return False
    if "const" in schema and not _among(value, [schema["const"]]):
        return False
    return _is_of(value, schema.get("type"))


def wanted(schema: Any, root: Schema) -> str:
    """Return in words what the schema asks for, the first of many wishes."""
    wishes = [wish[:_LONGEST_WISH] for wish in islice(_wishes(schema, root), _MOST_WISHES + 1)]
    if len(wishes) > _MOST_WISHES:
        wishes[-1] = "something else"
    return " or ".join(wishes)


def type_of(value: Any) -> str:
    """Return the JSON Schema name of a value's type, the narrowest one."""
    return next(name for name in (*_TYPES, "any") if name == "any" or _is(value, name))


def followed(schema: Any, root: Schema) -> Any:
    """Return what `#/a/b` points to; a reference that leads nowhere asks for nothing."""
    for _ in range(_MOST_HOPS):
        if not isinstance(schema, Mapping) or "$ref" not in schema:
            return schema
        path = str(schema["$ref"]).removeprefix("#/").split("/")
        schema = root
        for part in path:
            schema = schema.get(part) if isinstance(schema, Mapping) else None
    return None


def _wishes(schema: Any, root: Schema) -> Iterator[str]:
    schema = followed(schema, root)
    if not isinstance(schema, Mapping):
        yield "any"
        return
    choices = _choices(schema)
    if choices:
        for choice in choices:
            yield from _wishes(choice, root)
    elif isinstance(allowed := schema.get("enum"), list):
        yield f"one of {allowed}"
    elif "const" in schema:
        yield repr(schema["const"])
    else:
        types = schema.get("type", "any")
        yield from map(str, types) if isinstance(types, list) else [str(types)]


def _choices(schema: Schema) -> list[Any]:
    choices = schema.get("anyOf") or schema.get("oneOf")
    return choices if isinstance(choices, list) else []


def _hops(schema: Any) -> int:
    """What it takes to follow a reference; a chain of them is cut anyway."""
    reference = schema.get("$ref") if isinstance(schema, Mapping) else None
    return 1 if reference is None else _MOST_HOPS + str(reference).count("/")


def _weight(schema: Schema) -> int:
    """What it takes to compare a value with all that the schema lists."""
    todo, count = [schema.get(key) for key in ("enum", "const", "type")], 0
    while todo:
        at = todo.pop()
        count += 1
        if isinstance(at, Mapping):
            todo += at.values()
        elif isinstance(at, list):
            todo += at
    return count


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
