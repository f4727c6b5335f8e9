"""Whether a JSON Schema is one, by the meta-schema of the draft that it names."""

from collections.abc import Mapping
from functools import cache
from typing import Any

_LATEST = "https://json-schema.org/draft/2020-12/schema"


def fault_in(schema: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return where a schema is wrong, as a JSON Pointer, and why."""
    drafts = _meta_schemas()
    meta = drafts.get(str(schema.get("$schema", _LATEST)).rstrip("#"))
    if meta is None:
        return "/$schema", f"must be one of {', '.join(drafts)}"
    for error in meta.iter_errors(schema):
        return "".join(f"/{step}" for step in error.instance_path), error.message
    return None


@cache
def _meta_schemas() -> Mapping[str, Any]:
    """Of these drafts alone; any other would be looked for on the network."""
    import jsonschema_rs

    kinds = {
        _LATEST: jsonschema_rs.Draft202012Validator,
        "https://json-schema.org/draft/2019-09/schema": jsonschema_rs.Draft201909Validator,
        "http://json-schema.org/draft-07/schema": jsonschema_rs.Draft7Validator,
        "http://json-schema.org/draft-06/schema": jsonschema_rs.Draft6Validator,
    }
    return {draft: kind({"$ref": draft}) for draft, kind in kinds.items()}
