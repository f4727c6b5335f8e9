"""Plays the scripts of proto/vectors: calls to a live server, with their answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.message_factory import GetMessageClass

from builders import an_id
from penstock.errors import PenstockError
from penstock.wire_errors import named_errors
from witness import methods

SCRIPTS = Path(__file__).parents[2] / "proto/vectors/scripts"
_NAME = re.compile(r"\$\{(\w+)\}")

Json = Any


def script(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SCRIPTS / f"{name}.json").read_text())
    return read


async def play(script: Mapping[str, Json], channel: grpc.aio.Channel) -> None:
    """Make each call of a script.

    Raises:
        AssertionError: a step answered otherwise; it tells which, and how.
    """
    values: dict[str, Json] = {name: str(an_id()) for name in script["ids"]}
    values["namespace"] = f"script-{an_id()}"
    for number, step in enumerate(script["steps"], start=1):
        answer = await _call(channel, step["call"], filled(step["request"], values))
        expected = {key: step[key] for key in ("answer", "error") if key in step}
        wrong = list(differences(filled(expected, values), answer))
        assert not wrong, f"step {number}, {step['call']}: {'; '.join(wrong)}"
        for name, pointer in step.get("capture", {}).items():
            values[name] = value_at(pointer, answer["answer"])


def filled(template: Json, values: Mapping[str, Json]) -> Json:
    """Return a template with each `${name}` replaced by its value."""
    if isinstance(template, dict):
        return {key: filled(each, values) for key, each in template.items()}
    if isinstance(template, list):
        return [filled(each, values) for each in template]
    if not isinstance(template, str):
        return template
    whole = _NAME.fullmatch(template)
    if whole:
        return values[whole[1]]
    return _NAME.sub(lambda found: str(values[found[1]]), template)


def differences(expected: Json, actual: Json, place: str = "") -> Iterator[str]:
    """Yield how an answer differs from what a script says of it."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, each in expected.items():
            yield from differences(each, actual.get(key), f"{place}/{key}")
    elif isinstance(expected, list) and len(expected) == len(actual or []):
        for index, each in enumerate(expected):
            yield from differences(each, actual[index], f"{place}/{index}")
    elif expected != actual:
        yield f"{place} is {json.dumps(actual)}, not {json.dumps(expected)}"


def value_at(pointer: str, answer: Json) -> Json:
    """Return what a JSON Pointer points at; KeyError or IndexError when nothing is there."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        answer = answer[int(key)] if isinstance(answer, list) else answer[key]
    return answer


async def _call(channel: grpc.aio.Channel, path: str, request: Json) -> dict[str, Json]:
    method = _methods()[path]
    question, reply = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
    send: Any = channel.unary_unary(f"/{path}", question.SerializeToString, reply.FromString)
    try:
        with named_errors():
            answer = await send(ParseDict(request, question()))
    except PenstockError as error:
        return {"error": {"code": error.code.name, "reason": error.reason}}
    return {"answer": MessageToDict(answer)}


def _methods() -> dict[str, Any]:
    return {f"{each.containing_service.full_name}/{each.name}": each for each in methods()}
