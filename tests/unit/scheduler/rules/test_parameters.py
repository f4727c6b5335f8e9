import json
from typing import Any

import pytest

from penstockd.chassis.payload import ContentRef, Payload
from penstockd.scheduler.rules.parameters import (
    Refused,
    judge_defaults,
    merge,
    read,
    write,
)
from unit.scheduler.builders import json_payload

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


def refusal(verdict: object) -> str:
    assert isinstance(verdict, Refused)
    return verdict.message


def test_given_arguments_replace_the_defaults_by_name() -> None:
    merged = merge({"height": 1, "name": "elm"}, {"height": 2}, SCHEMA)
    assert isinstance(merged, str)
    assert json.loads(merged) == {"height": 2, "name": "elm"}


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    verdict = merge({}, {"height": 1, "hieght": 2}, SCHEMA)
    assert refusal(verdict) == (
        "'hieght' is no parameter of the flow: it knows height, name, mood, kind, anything"
    )


def test_a_missing_name_is_refused() -> None:
    assert refusal(merge({}, {"name": "elm"}, SCHEMA)) == (
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
    assert message in refusal(merge({}, arguments, SCHEMA))


@pytest.mark.parametrize(
    "arguments",
    [{"height": 1.0}, {"height": 1, "mood": None}, {"height": 1, "anything": [1, {}]}],
)
def test_a_value_that_fits_is_taken(arguments: Any) -> None:
    assert isinstance(merge({}, arguments, SCHEMA), str)


def test_without_a_schema_every_name_is_taken() -> None:
    assert merge({}, {"anything": 1}, {}) == '{"anything":1}'


def test_a_flow_with_free_keywords_takes_every_name() -> None:
    open_schema = SCHEMA | {"additionalProperties": True}
    assert isinstance(merge({}, {"height": 1, "more": 2}, open_schema), str)


def test_a_reference_that_leads_nowhere_asks_for_nothing() -> None:
    loop = {"$ref": "#/definitions/A"}
    schema = {"properties": {"a": loop}, "definitions": {"A": loop}}
    assert isinstance(merge({}, {"a": 1}, schema), str)


def test_defaults_may_leave_required_names_to_the_run() -> None:
    assert judge_defaults({"name": "elm"}, SCHEMA) is None
    assert refusal(judge_defaults({"nmae": "elm"}, SCHEMA)).startswith("'nmae' is no parameter")


def test_parameters_that_are_too_large_are_refused_with_their_size() -> None:
    assert "131083 bytes" in refusal(merge({}, {"name": "x" * 131_072}, {}))


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (json_payload("[1]"), "must be a JSON object, and is array"),
        (json_payload("{"), "is no JSON"),
        (json_payload("NaN"), "is no JSON"),
        (json_payload('{"a": 1e999}'), "is no JSON"),
        (json_payload('{"a": "\\ud800"}'), "is no JSON"),
        (json_payload('{"a":' + "[" * 60_000), "is no JSON"),
        (Payload(content_type="application/json", data=b"\xff"), "is no JSON"),
        (Payload(content_type="application/x-cloudpickle", data=b""), "and is application/x-"),
        (
            Payload(content_type="application/json", data=ContentRef(sha256=b"", size=1)),
            "kept elsewhere",
        ),
    ],
)
def test_only_a_json_object_can_be_read(payload: Payload, message: str) -> None:
    assert message in refusal(read(payload, field="parameters"))


def test_nothing_is_an_empty_object() -> None:
    assert read(None, field="parameters") == {}


def test_equal_texts_are_equal_values() -> None:
    assert write(json.loads('{"a" : 1, "b": "é"}')) == '{"a":1,"b":"é"}'
    assert write({"a": 1}) != write({"a": True})
