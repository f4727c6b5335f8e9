"""Whether a JSON value says a secret in clear, by the schema that marks secrets `writeOnly`."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from penstockd.scheduler.rules.json_schema import Schema, followed
from penstockd.scheduler.rules.json_values import Place, place_of
from penstockd.scheduler.rules.steps import Steps

Finding = Literal["nothing", "a secret", "too much"]


def secrets_in(
    value: Any, schema: Any, root: Schema, redacted: Collection[str], steps: Steps
) -> Finding:
    """`redacted` holds JSON Pointers to markers that stand for secrets.

    Each place of the value is held against each schema once: schemas may lead to themselves,
    and to one another along many ways.
    """
    if not _marks_secrets(schema, root, steps):
        return "nothing"
    holder = [value]
    markers = {place_of(holder, pointer) for pointer in redacted}
    todo: list[tuple[Place, Any, Any]] = [((id(holder), 0), value, schema)]
    seen = set[tuple[Place, int]]()
    while todo:
        if not steps.spend():
            return "too much"
        place, at, wanted = todo.pop()
        wanted = followed(wanted, root)
        if not isinstance(wanted, Mapping) or (place, id(wanted)) in seen:
            continue
        seen.add((place, id(wanted)))
        if wanted.get("writeOnly") is True:
            if at is not None and place not in markers:
                return "a secret"
            continue
        todo += ((place, at, choice) for choice in _choices(wanted))
        todo += _within(at, wanted)
    return "nothing"


def _marks_secrets(schema: Any, root: Schema, steps: Steps) -> bool:
    """Most do not, and then a large value need not be looked through."""
    todo, seen = [schema], set[int]()
    while todo and steps.spend():
        at = followed(todo.pop(), root)
        if not isinstance(at, Mapping) or id(at) in seen:
            continue
        seen.add(id(at))
        if at.get("writeOnly") is True:
            return True
        known = at.get("properties")
        todo += known.values() if isinstance(known, Mapping) else ()
        todo += (*_choices(at), at.get("additionalProperties"), at.get("items"))
    # Without an answer the value is looked through, and says itself that it is too much.
    return bool(todo)


def _choices(schema: Schema) -> Iterator[Any]:
    for key in ("anyOf", "oneOf", "allOf"):
        choices = schema.get(key)
        yield from choices if isinstance(choices, list) else ()


def _within(value: Any, schema: Schema) -> Iterator[tuple[Place, Any, Any]]:
    if isinstance(value, Mapping):
        known = schema.get("properties")
        for name, inner in value.items():
            listed = known.get(name) if isinstance(known, Mapping) else None
            yield (id(value), name), inner, listed or schema.get("additionalProperties")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield (id(value), index), inner, schema.get("items")
