"""Whether a JSON value says a secret in clear, by the schema that marks secrets `writeOnly`."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from penstockd.scheduler.rules.json_schema import Schema, followed


def reveals(value: Any, schema: Any, root: Schema, redacted: Collection[str]) -> bool:
    """`redacted` holds JSON Pointers to markers that stand for secrets.

    Each place of the value is held against each schema once: schemas may lead to themselves,
    and to one another along many ways.
    """
    todo, seen = [("", value, schema)], set[tuple[str, int]]()
    while todo:
        pointer, at, wanted = todo.pop()
        wanted = followed(wanted, root)
        if not isinstance(wanted, Mapping) or (pointer, id(wanted)) in seen:
            continue
        seen.add((pointer, id(wanted)))
        if wanted.get("writeOnly") is True:
            if at is not None and pointer not in redacted:
                return True
            continue
        todo += ((pointer, at, choice) for choice in _choices(wanted))
        todo += ((f"{pointer}/{step}", *inner) for step, *inner in _within(at, wanted))
    return False


def _choices(schema: Schema) -> Iterator[Any]:
    for key in ("anyOf", "oneOf", "allOf"):
        choices = schema.get(key)
        yield from choices if isinstance(choices, list) else ()


def _within(value: Any, schema: Schema) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(value, Mapping):
        known = schema.get("properties")
        for name, inner in value.items():
            listed = known.get(name) if isinstance(known, Mapping) else None
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield step, inner, listed or schema.get("additionalProperties")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield str(index), inner, schema.get("items")
