from typing import Any

from penstockd.scheduler.rules.secrets import secrets_in
from penstockd.scheduler.rules.steps import Steps


def reveals(value: Any, schema: Any, root: Any, redacted: tuple[str, ...]) -> bool:
    return secrets_in(value, schema, root, redacted, Steps()) == "a secret"


def doubling(levels: int, last: dict[str, Any]) -> dict[str, Any]:
    """Definitions of which each leads to the next along two ways."""
    kinds: dict[str, Any] = {
        f"k{level}": {"anyOf": [{"$ref": f"#/definitions/k{level + 1}"}] * 2}
        for level in range(levels)
    }
    return {"definitions": kinds | {f"k{levels}": last}}


def test_a_schema_with_many_ways_to_one_place_is_judged_by_its_places() -> None:
    # Along every way these would be 2 ** 60 steps.
    first = {"$ref": "#/definitions/k0"}
    assert not reveals("x", first, doubling(60, {"type": "string"}), ())
    assert reveals("x", first, doubling(60, {"writeOnly": True}), ())


def test_a_schema_that_leads_to_itself_has_an_end() -> None:
    root: dict[str, Any] = {"definitions": {"tree": {}}}
    tree = {"anyOf": [{"$ref": "#/definitions/tree"}, {"writeOnly": True}]}
    root["definitions"]["tree"] = tree
    assert reveals("x", tree, root, ())
    assert not reveals("x", tree, root, ("",))
    assert not reveals(None, tree, root, ())


def test_a_secret_is_found_however_deep_it_lies() -> None:
    nested: Any = "hunter2"
    for _ in range(900):
        nested = [nested]
    schema: dict[str, Any] = {"anyOf": [{"items": {"$ref": "#/definitions/any"}}]}
    root: dict[str, Any] = {"definitions": {"any": {"anyOf": [*schema["anyOf"]]}}}
    assert not reveals(nested, schema, root, ())
    root["definitions"]["any"]["anyOf"].append({"items": {"writeOnly": True}})
    assert reveals(nested, schema, root, ())


def test_a_value_in_which_there_is_too_much_to_look_at_is_told() -> None:
    schema = {"items": {"anyOf": [{"items": {"writeOnly": True}}] * 10}}
    assert secrets_in([[]] * 100, schema, schema, (), Steps()) == "nothing"
    assert secrets_in([[]] * 10_000, schema, schema, (), Steps()) == "too much"


def test_a_large_value_without_a_secret_in_its_schema_is_not_looked_through() -> None:
    steps = Steps()
    schema = {"items": {"type": "integer"}}
    assert secrets_in([1] * 100_000, schema, schema, (), steps) == "nothing"
    assert steps.left > 0


def test_long_names_cost_nothing_for_each_place_below() -> None:
    name = "n" * 30_000
    schema = {"properties": {name: {"items": {"writeOnly": True}}}}
    value = {name: ["x"] * 10}
    redacted = tuple(f"/{name}/{index}" for index in range(10))
    assert not reveals(value, schema, schema, redacted)
    assert reveals(value, schema, schema, redacted[1:])
