import json
from dataclasses import replace
from typing import Any

import pytest

from penstockd.chassis.payload import ContentRef, Payload
from penstockd.scheduler.rules.parameters import (
    LARGEST,
    judge_defaults,
    judge_schema,
    merged,
    schema_in,
)
from penstockd.scheduler.rules.refused import Refused
from unit.scheduler.builders import json_value

SCHEMA: dict[str, Any] = {
    "title": "Parameters",
    "type": "object",
    "properties": {
        "height": {"type": "integer"},
        "name": {"type": "string", "default": "oak"},
        "mood": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "kind": {"$ref": "#/definitions/Kind"},
        "anything": {},
    },
    "required": ["height"],
    "definitions": {"Kind": {"enum": ["weir", "lock"], "type": "string"}},
}
PICKLE = Payload(content_type="application/x-cloudpickle", data=b"\x80")
ELSEWHERE = Payload(content_type="application/json", data=ContentRef(sha256=b"", size=1))


def values(**arguments: Any) -> dict[str, Payload]:
    return {name: json_value(json.dumps(value)) for name, value in arguments.items()}


def merge(given: dict[str, Payload], schema: dict[str, Any] = SCHEMA) -> Any:
    return merged({}, given, schema, field="parameters")


def refusal(verdict: object) -> str:
    assert isinstance(verdict, Refused)
    return verdict.message


def test_given_arguments_replace_the_defaults_by_name() -> None:
    found = merged(values(height=1, name="elm"), values(height=2), SCHEMA, field="parameters")
    assert found == values(height=2, name="elm")


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    verdict = merge(values(height=1, hieght=2))
    assert refusal(verdict) == (
        "the flow has no parameter 'hieght': it takes height, name, mood, kind, anything"
    )
    assert verdict.field == "parameters.hieght"


def test_a_missing_name_is_refused() -> None:
    assert refusal(merge(values(name="elm"))) == (
        "parameter 'height' is required, but the call has name"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"height": "4"}, "'height' must be integer, not string"),
        ({"height": True}, "'height' must be integer, not boolean"),
        ({"height": 1.5}, "'height' must be integer, not number"),
        ({"height": 1, "mood": 7}, "'mood' must be string or null, not integer"),
        ({"height": 1, "kind": "dam"}, "'kind' must be one of ['weir', 'lock'], not string"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(arguments: Any, message: str) -> None:
    assert message in refusal(merge(values(**arguments)))


@pytest.mark.parametrize(
    "arguments",
    [{"height": 1.0}, {"height": 1, "mood": None}, {"height": 1, "anything": [1, {}]}],
)
def test_a_value_that_fits_is_taken(arguments: Any) -> None:
    assert merge(values(**arguments)) == values(**arguments)


def test_a_large_integer_is_one_where_its_pointer_says_so() -> None:
    text = f'"{1 << 60}"'
    pointed = {"height": json_value(text, integer_pointers=("",))}
    assert merge(pointed) == pointed
    assert "not string" in refusal(merge({"height": json_value(text)}))


@pytest.mark.parametrize("value", [PICKLE, ELSEWHERE], ids=["a pickle", "kept elsewhere"])
def test_what_cannot_be_read_here_is_judged_by_its_name_alone(value: Payload) -> None:
    assert merge({"height": value}) == {"height": value}
    assert "no parameter 'hieght'" in refusal(merge({"height": value, "hieght": value}))


def test_what_says_that_it_is_json_must_be() -> None:
    verdict = merge({"height": json_value("{")})
    assert "'height' is not valid application/json" in refusal(verdict)
    assert verdict.field == "parameters.height"


@pytest.mark.parametrize(
    ("others", "given", "message"),
    [
        (True, "x", ""),
        ({"type": "integer"}, 7, ""),
        ({"type": "integer"}, "x", "parameter 'other' must be integer, not string"),
        (
            {"type": "string", "writeOnly": True},
            "x",
            "parameter 'other' is or contains a secret",
        ),
    ],
)
def test_a_name_that_the_schema_does_not_list_is_judged_as_the_others_are(
    others: Any, given: Any, message: str
) -> None:
    verdict = merge(values(height=1, other=given), {**SCHEMA, "additionalProperties": others})
    if message:
        assert message in refusal(verdict)
    else:
        assert verdict == values(height=1, other=given)


def test_what_a_thousand_unlisted_names_are_held_against_must_be_small() -> None:
    alternatives = {"anyOf": [{"type": "integer"}] * 600}
    listed = {"type": "object", "properties": {"a": alternatives}}
    assert judge_schema(listed, field="schema") is None
    verdict = judge_schema({"type": "object", "additionalProperties": alternatives}, field="s")
    assert "s at /additionalProperties takes too long to check" in refusal(verdict)


def test_without_a_schema_every_name_is_taken() -> None:
    assert merge(values(anything=1), {}) == values(anything=1)


def test_a_flow_with_free_keywords_takes_every_name() -> None:
    open_schema = SCHEMA | {"additionalProperties": True}
    assert merge(values(height=1, more=2), open_schema) == values(height=1, more=2)


def test_a_reference_that_leads_nowhere_asks_for_nothing() -> None:
    schema = {"properties": {"a": {"$ref": "#/definitions/A"}}, "definitions": {}}
    assert judge_schema(schema, field="parameter_schema") is None
    assert merge(values(a=1), schema) == values(a=1)


def doubling(levels: int) -> dict[str, Any]:
    """Definitions of which each leads to the next along two ways."""
    kinds: dict[str, Any] = {
        f"k{level}": {"anyOf": [{"$ref": f"#/definitions/k{level + 1}"}] * 2}
        for level in range(levels)
    }
    return kinds | {f"k{levels}": {"type": "string"}}


def chain(length: int) -> dict[str, Any]:
    kinds = {f"k{n}": {"anyOf": [{"$ref": f"#/definitions/k{n + 1}"}]} for n in range(length)}
    return kinds | {f"k{length}": {"enum": list(range(50))}}


def nested(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"anyOf": [schema]}
    return schema


SELF = {"k0": {"anyOf": [{"$ref": "#/definitions/k0"}, {"type": "null"}]}}
PAIR = {
    "k0": {"oneOf": [{"$ref": "#/definitions/k1"}]},
    "k1": {"oneOf": [{"$ref": "#/definitions/k0"}]},
}
MANY = {"k0": {"anyOf": [{"$ref": "#/definitions/k1"}] * 500}, "k1": {"enum": [*range(2_000)]}}


@pytest.mark.parametrize("kinds", [doubling(40), SELF, PAIR, chain(200), MANY])
def test_a_schema_that_takes_too_long_to_judge_by_is_refused_with_its_place(
    kinds: dict[str, Any],
) -> None:
    first = {"$ref": "#/definitions/k0"}
    schema = {"properties": {"fine": {}, "a": first}, "definitions": kinds}
    refused = judge_schema(schema, field="parameter_schema")
    assert "parameter_schema at /properties/a takes too long" in refusal(refused)


def test_many_parameters_of_one_heavy_kind_are_too_much_together() -> None:
    many = {f"p{number}": {"$ref": "#/definitions/k0"} for number in range(100)}
    schema = {"properties": many, "definitions": {"k0": {"enum": [*range(1_000)]}}}
    assert "takes too long" in refusal(judge_schema(schema, field="parameter_schema"))


def test_nesting_in_a_schema_has_a_bound() -> None:
    assert judge_schema({"properties": {"a": nested(30)}}, field="s") is None
    assert "takes too long" in refusal(
        judge_schema({"properties": {"a": nested(80)}}, field="s")
    )
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    payload = Payload(content_type="application/json", data=deep)
    assert "nested too deeply" in refusal(schema_in(payload, field="s"))


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"required": [[1]]}, "/required/0"),
        ({"properties": {"a": {"type": "strin"}}}, "/properties/a/type"),
        ({"properties": {"a": {"enum": 1}}}, "/properties/a/enum"),
        ({"properties": {"a": 7}}, "/properties/a"),
        ({"properties": {"a": {"pattern": 7}}}, "/properties/a/pattern"),
        ({"$schema": "http://127.0.0.1:1/mine"}, "/$schema"),
        ({"$schema": 7}, "/$schema"),
    ],
)
def test_what_breaks_the_meta_schema_is_refused_with_its_place(
    schema: dict[str, Any], place: str
) -> None:
    assert f"s is not a valid JSON Schema at {place}:" in refusal(
        judge_schema(schema, field="s")
    )


@pytest.mark.parametrize(
    "schema",
    [
        SCHEMA,
        {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}]},
        {"properties": {"a": {"enum": [*range(20_000)]}}},
        # Nobody here runs a pattern, so none can be slow.
        {"properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}},
        {"properties": {"a": {"type": "string", "pattern": "("}}},
    ],
)
def test_what_a_flow_may_ask_for_is_taken(schema: dict[str, Any]) -> None:
    assert judge_schema(schema, field="s") is None
    assert merge(values(height=1), {**schema, "additionalProperties": True})


def test_many_wishes_are_told_in_a_few_words() -> None:
    schema = {"properties": {"a": {"anyOf": [{"const": "x" * 1_000}] * 1_000}}}
    assert judge_schema(schema, field="s") is None
    message = refusal(merge(values(a=1), schema))
    assert len(message) < 4_000
    assert message.endswith("or something else, not integer")


def test_defaults_may_leave_required_names_to_the_run() -> None:
    assert judge_defaults(values(name="elm"), SCHEMA, field="spec.parameters") is None
    refused = judge_defaults(values(nmae="elm"), SCHEMA, field="spec.parameters")
    assert refused is not None
    assert refused.field == "spec.parameters.nmae"


def test_parameters_have_a_bound_on_the_whole_of_what_is_inline() -> None:
    half = Payload(content_type="application/x-cloudpickle", data=bytes(LARGEST // 2))
    fits = {"a": half, "b": half, "c": ELSEWHERE}
    assert merge(fits, {}) == fits
    assert "524,289 bytes" in refusal(merge(fits | {"d": PICKLE}, {}))
    assert refusal(judge_defaults(fits | {"d": PICKLE}, {}, field="spec.parameters"))


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (json_value("[1]"), "must be a JSON object, not array"),
        (json_value("{"), "is not valid JSON"),
        (PICKLE, "not application/x-cloudpickle"),
        (ELSEWHERE, "kept elsewhere"),
    ],
)
def test_only_a_json_object_is_a_schema(payload: Payload, message: str) -> None:
    assert message in refusal(schema_in(payload, field="parameter_schema"))


def test_no_schema_takes_everything() -> None:
    assert schema_in(None, field="parameter_schema") == {}


SECRETS: dict[str, Any] = {
    "properties": {
        "token": {"type": "string", "format": "password", "writeOnly": True},
        "maybe": {"anyOf": [{"type": "string", "writeOnly": True}, {"type": "null"}]},
        "login": {"$ref": "#/definitions/Login"},
        "keys": {"type": "array", "items": {"type": "string", "writeOnly": True}},
    },
    "definitions": {
        "Login": {
            "type": "object",
            "properties": {"user": {}, "a/b": {"type": "string", "writeOnly": True}},
        }
    },
}


@pytest.mark.parametrize(
    ("name", "value"),
    [("token", "hunter2"), ("maybe", "x"), ("login", {"a/b": "x"}), ("keys", ["x"])],
)
def test_a_secret_in_clear_is_refused(name: str, value: Any) -> None:
    refused = merge(values(**{name: value}), SECRETS)
    assert isinstance(refused, Refused)
    assert refused.field == f"parameters.{name}"
    assert "secret" in refused.message
    assert "hunter2" not in refused.message


@pytest.mark.parametrize(
    ("name", "value", "redacted"),
    [
        ("token", "**********", ("",)),
        ("maybe", None, ()),
        ("login", {"user": "oak"}, ()),
        ("login", {"user": "oak", "a/b": "**********"}, ("/a~1b",)),
        ("keys", ["**********"], ("/0",)),
        ("keys", [], ()),
    ],
)
def test_a_marker_in_its_place_is_none(
    name: str, value: Any, redacted: tuple[str, ...]
) -> None:
    payload = replace(json_value(json.dumps(value)), redacted_pointers=redacted)
    assert merge({name: payload}, SECRETS) == {name: payload}


def test_a_schema_that_leads_to_itself_is_followed_to_an_end() -> None:
    schema = {"properties": {"it": {"$ref": "#/properties/it"}}}
    assert merge(values(it="x"), schema) == values(it="x")
    nested: dict[str, Any] = {"properties": {"tree": {"$ref": "#/properties/tree"}}}
    forest = values(tree={"tree": {"tree": {}}})
    assert merge(forest, {"properties": {"tree": nested}}) == forest


def test_secrets_are_looked_for_in_a_bounded_number_of_places() -> None:
    schema = {"properties": {"it": {"items": {"anyOf": [{"items": {"writeOnly": True}}] * 9}}}}
    assert "too large to be searched for secrets" in refusal(
        merge(values(it=[[]] * 20_000), schema)
    )
