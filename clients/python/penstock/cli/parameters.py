"""Arguments of flows, as people write them on a command line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import click

from penstock.errors import InvalidArgument
from penstock.payloads.encoding import encode
from penstock.payloads.values import JSON, EncodedPayload

parameter_option = click.option(
    "-p",
    "--param",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="One argument; VALUE is JSON, or text if it is not valid JSON. May be repeated.",
)
parameters_option = click.option(
    "--params",
    "document",
    default="{}",
    metavar="JSON",
    help="All arguments, as a JSON object.",
)


def read_parameters(pairs: Sequence[str], document: str) -> dict[str, Any]:
    """Return the arguments by name; single ones win over the document.

    Raises click.BadParameter.
    """
    try:
        parameters = _from_json(document)
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(f"--params is not valid JSON: {error}") from None
    if not isinstance(parameters, dict):
        raise click.BadParameter('--params must be a JSON object, such as {"name": 1}')
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"--param {pair!r} must be NAME=VALUE")
        parameters[name] = _value(value)
    return parameters


def encoded_parameters(parameters: Mapping[str, Any]) -> dict[str, EncodedPayload]:
    """Return the arguments as a deployment's run gets them.

    Raises:
        InvalidArgument: one of them is too deep or too large.
    """
    return {name: _encoded(name, value) for name, value in parameters.items()}


def _encoded(name: str, value: Any) -> EncodedPayload:
    encoded = encode(value)
    if encoded is None or encoded.content_type != JSON:
        raise InvalidArgument(f"parameter {name!r} is nested too deeply or too large for JSON")
    return encoded


def _value(text: str) -> Any:
    try:
        return _from_json(text)
    except (ValueError, RecursionError):
        return text


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a valid JSON number")


_from_json = json.JSONDecoder(parse_constant=_refuse).decode
