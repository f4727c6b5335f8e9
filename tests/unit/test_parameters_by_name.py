"""A run of a deployment has its arguments by name, whatever their kind in the signature is."""

import json
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, SecretStr

from penstock.client.deployments import deployed_parameters
from penstock.exceptions import ParameterBindError, ParameterTypeError
from penstock.parameters import Parameters


def plain(a: int, b: int = 2) -> Any:
    return a, b


def by_place(a: int, b: int = 2, /, *, c: int = 3) -> Any:
    return a, b, c


def values(*values: int) -> Any:
    return values


def more(a: int = 1, **more: int) -> Any:
    return a, more


def every(a: int, /, b: int = 2, *c: int, d: int = 4, **e: int) -> Any:
    return a, b, c, d, e


def secret(**keys: SecretStr) -> None: ...
def untyped(*values, **more): ...  # type: ignore[no-untyped-def]


def called(fn: Any, given: dict[str, Any]) -> Any:
    parameters = Parameters(fn)
    named = parameters.validated(parameters.bind_names(given))
    args, kwargs = parameters.call_arguments(named)
    return fn(*args, **kwargs)


@pytest.mark.parametrize(
    ("fn", "given", "got"),
    [
        (plain, {"b": 5, "a": 1}, (1, 5)),
        (by_place, {"a": 1, "c": 5}, (1, 2, 5)),
        (values, {"values": [1, "2"]}, (1, 2)),
        (values, {}, ()),
        (more, {"z": "7", "a": 2}, (2, {"z": 7})),
        (more, {"more": 3}, (1, {"more": 3})),
        (every, {"a": 1, "c": [3, 4], "f": 6}, (1, 2, (3, 4), 4, {"f": 6})),
        (every, {"e": 5, "d": 0, "b": 0, "a": 1}, (1, 0, (), 0, {"e": 5})),
    ],
)
def test_the_function_gets_what_is_given_by_name(
    fn: Any, given: dict[str, Any], got: Any
) -> None:
    assert called(fn, given) == got


@pytest.mark.parametrize(
    ("fn", "given", "message"),
    [
        (plain, {"b": 1}, r"plain\(\) needs argument 'a': it takes"),
        (by_place, {"b": 1}, r"by_place\(\) needs argument 'a'"),
        (plain, {"a": 1, "z": 1}, r"plain\(\) has no parameter z"),
        (values, {"values": 3}, r"values\(\) needs a list for \*values, not 3"),
        (values, {"values": "ab"}, r"needs a list for \*values, not 'ab'"),
    ],
)
def test_what_does_not_fit_the_signature_is_named(
    fn: Any, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ParameterBindError, match=message):
        called(fn, given)


@pytest.mark.parametrize(
    ("fn", "given", "message"),
    [(values, {"values": [1, "x"]}, "values.1"), (more, {"z": "x"}, "more.z")],
)
def test_each_of_many_is_checked(fn: Any, given: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterTypeError, match=message):
        called(fn, given)


def test_the_schema_says_what_many_take() -> None:
    schema = Parameters(every).schema()
    assert list(schema["properties"]) == ["a", "b", "c", "d"]
    assert schema["properties"]["c"]["type"] == "array"
    assert schema["properties"]["c"]["items"] == {"type": "integer"}
    assert (schema["required"], schema["additionalProperties"]) == (
        ["a"],
        {"type": "integer"},
    )
    assert "additionalProperties" not in Parameters(by_place).schema()
    assert Parameters(untyped).schema()["additionalProperties"] is True


def test_names_that_a_secret_parameter_takes_are_secret() -> None:
    assert Parameters(secret).secret_names_among(["a", "b"]) == {"a", "b"}
    assert Parameters(more).secret_names_among(["a", "z"]) == frozenset()


class Bounds(BaseModel):
    """A model with a default of its own."""

    low: float = float("-inf")


def odd(
    a: float = float("inf"),
    b: Any = float("nan"),
    c: int = 10**5000,
    d: str = "\ud800",
    e: str = "x" * 1_000_000,
    f: Annotated[float, Field(le=float("inf"))] = 1.0,
    g: float | None = float("inf"),
    bounds: Bounds = Bounds(),  # noqa: B008
) -> None: ...


def test_what_json_cannot_say_is_left_out_of_the_schema() -> None:
    schema = Parameters(odd).schema()
    json.dumps(schema, allow_nan=False).encode("utf-8")
    assert len(json.dumps(schema)) < 10_000
    defaults = {name: it.get("default") for name, it in schema["properties"].items()}
    assert defaults.pop("f") == 1.0
    assert set(defaults.values()) == {None}
    assert schema["properties"]["g"]["anyOf"] == [{"type": "number"}, {"type": "null"}]


@pytest.mark.parametrize("value", [float("inf"), [float("nan")], {"a": float("-inf")}])
def test_an_argument_that_json_cannot_say_is_refused_by_its_name(value: Any) -> None:
    with pytest.raises(
        ParameterTypeError, match=r"parameter 'far' .* cannot be written as JSON"
    ):
        deployed_parameters({"far": value})
