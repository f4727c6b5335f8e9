import json
from typing import Any

import pytest

from penstockd.chassis.payload import ContentRef, Payload
from penstockd.scheduler.rules.parameters import (
    LARGEST,
    judge_defaults,
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
        "'hieght' is no parameter of the flow: it knows height, name, mood, kind, anything"
    )
    assert verdict.field == "parameters.hieght"


def test_a_missing_name_is_refused() -> None:
    assert refusal(merge(values(name="elm"))) == (
        "parameter 'height' is required: given are name"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"height": "4"}, "'height' must be integer, and is string"),
        ({"height": True}, "'height' must be integer, and is boolean"),
        ({"height": 1.5}, "'height' must be integer, and is number"),
        ({"height": 1, "mood": 7}, "'mood' must be string or null, and is integer"),
        ({"height": 1, "kind": "dam"}, "'kind' must be one of ['weir', 'lock'], and is string"),
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
    assert "is string" in refusal(merge({"height": json_value(text)}))


@pytest.mark.parametrize("value", [PICKLE, ELSEWHERE], ids=["a pickle", "kept elsewhere"])
def test_what_cannot_be_read_here_is_judged_by_its_name_alone(value: Payload) -> None:
    assert merge({"height": value}) == {"height": value}
    assert "is no parameter" in refusal(merge({"height": value, "hieght": value}))


def test_what_says_that_it_is_json_must_be() -> None:
    verdict = merge({"height": json_value("{")})
    assert "'height' is no application/json" in refusal(verdict)
    assert verdict.field == "parameters.height"


def test_without_a_schema_every_name_is_taken() -> None:
    assert merge(values(anything=1), {}) == values(anything=1)


def test_a_flow_with_free_keywords_takes_every_name() -> None:
    open_schema = SCHEMA | {"additionalProperties": True}
    assert merge(values(height=1, more=2), open_schema) == values(height=1, more=2)


def test_a_reference_that_leads_nowhere_asks_for_nothing() -> None:
    loop = {"$ref": "#/definitions/A"}
    schema = {"properties": {"a": loop}, "definitions": {"A": loop}}
    assert merge(values(a=1), schema) == values(a=1)


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
        (json_value("[1]"), "must be a JSON object, and is array"),
        (json_value("{"), "is no JSON"),
        (PICKLE, "and is application/x-cloudpickle"),
        (ELSEWHERE, "kept elsewhere"),
    ],
)
def test_only_a_json_object_is_a_schema(payload: Payload, message: str) -> None:
    assert message in refusal(schema_in(payload, field="parameter_schema"))


def test_no_schema_takes_everything() -> None:
    assert schema_in(None, field="parameter_schema") == {}
