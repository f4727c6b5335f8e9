"""`penstock deployment inspect`: what a deployment runs, where and with what."""

from __future__ import annotations

import json
from typing import Any

import click

from penstock.cli.deployments import deployment_argument, program
from penstock.cli.finding import deployment_ref
from penstock.cli.helpful import Helpful
from penstock.cli.output import Row, full_name, output_option
from penstock.cli.printing import Styled, print_json, put
from penstock.cli.services import ask, part
from penstock.client.deployments import Deployments


@click.command(cls=Helpful)
@deployment_argument
@output_option
def inspect(wanted: str, output: str) -> None:
    """Show a deployment: its program, pool and parameters.

    DEPLOYMENT is FLOW/NAME, NAME, an id, the first letters of one, or `latest`.
    """
    deployment = ask(part(Deployments).get(deployment_ref(wanted)))
    if output == "json":
        print_json(deployment)
        return
    put(Styled(full_name(deployment), bold=True))
    for name, value in _facts(deployment).items():
        if value:
            put(Styled(f"{name}: ", bold=True), value)


def _facts(deployment: Row) -> dict[str, str]:
    spec = deployment["spec"]
    return {
        "id": deployment["id"],
        "version": str(deployment["version"]),
        "description": deployment["description"],
        "program": program(deployment),
        "work pool": "/".join(filter(None, (spec["work_pool"], spec["work_queue"]))),
        "flow version": spec["flow_version"],
        "tags": ", ".join(spec["tags"]),
        "parameters": _json(spec["parameters"]),
        "takes": ", ".join(_parameters(deployment["parameter_schema"])),
        "created": deployment["create_time"],
        "updated": deployment["update_time"],
    }


def _parameters(schema: Any) -> list[str]:
    """Return the names in a schema of parameters, the optional ones in brackets."""
    if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict):
        return []
    needed = schema.get("required", ())
    return [name if name in needed else f"[{name}]" for name in schema["properties"]]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""
