"""Whether a JSON value says a secret in clear, by the schema that marks secrets `writeOnly`."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from penstockd.scheduler.rules.json_schema import Schema, followed

_DEEPEST = 20


def reveals(value: Any, schema: Any, root: Schema, redacted: Collection[str]) -> bool:
    """`redacted` holds JSON Pointers to markers that stand for secrets."""
    return _Search(root, redacted).reveals(value, schema, "", _DEEPEST)


@dataclass(frozen=True, slots=True)
class _Search:
    root: Schema
    redacted: Collection[str]

    def reveals(self, value: Any, schema: Any, pointer: str, deepest: int) -> bool:
        schema = followed(schema, self.root)
        if not isinstance(schema, Mapping) or not deepest:
            return False
        if schema.get("writeOnly") is True:
            return value is not None and pointer not in self.redacted
        return any(
            self.reveals(inner, inner_schema, f"{pointer}{step}", deepest - 1)
            for step, inner, inner_schema in (*_choices(value, schema), *_within(value, schema))
        )


def _choices(value: Any, schema: Schema) -> Iterator[tuple[str, Any, Any]]:
    for key in ("anyOf", "oneOf", "allOf"):
        choices = schema.get(key)
        for each in choices if isinstance(choices, list) else ():
            yield "", value, each


def _within(value: Any, schema: Schema) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(value, Mapping):
        known = schema.get("properties")
        for name, inner in value.items():
            listed = known.get(name) if isinstance(known, Mapping) else None
            step = str(name).replace("~", "~0").replace("/", "~1")
            yield f"/{step}", inner, listed or schema.get("additionalProperties")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield f"/{index}", inner, schema.get("items")
