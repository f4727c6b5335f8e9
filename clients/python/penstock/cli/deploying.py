"""`penstock deploy`: a deployment of a flow in a file."""

from __future__ import annotations

import click

from penstock.cli.helpful import Helpful
from penstock.cli.labelling import tag_option
from penstock.cli.loading import load_flow
from penstock.cli.output import output_option
from penstock.cli.parameters import parameter_option, parameters_option, read_parameters
from penstock.cli.printing import print_json, put
from penstock.deployments import next_steps
from penstock.exceptions import ParameterBindError, ParameterTypeError


@click.command(cls=Helpful)
@click.argument("entrypoint", metavar="FILE.py:FLOW")
@click.option(
    "-n", "--name", required=True, help="The name of the deployment, unique for the flow."
)
@click.option("--pool", required=True, help="The work pool in which its runs wait.")
@click.option(
    "--queue", default=None, help="The work queue in the pool; `default` if not given."
)
@tag_option
@click.option("--description", default=None, help="For people.")
@click.option("--version", default=None, help="A description; the flow's own if not given.")
@parameter_option
@parameters_option
@output_option
def deploy(
    entrypoint: str,
    name: str,
    pool: str,
    queue: str | None,
    tags: tuple[str, ...],
    description: str | None,
    version: str | None,
    pairs: tuple[str, ...],
    document: str,
    output: str,
) -> None:
    parameters = read_parameters(pairs, document)
    flow = load_flow(entrypoint)
    try:
        deployment_id = flow.deploy(
            name,
            pool,
            work_queue_name=queue,
            parameters=parameters,
            description=description,
            tags=tags,
            version=version,
            print_next_steps=False,
        )
    except (ValueError, ParameterBindError, ParameterTypeError) as error:
        raise click.BadParameter(str(error)) from None
    if output == "json":
        print_json({"id": str(deployment_id), "name": f"{flow.name}/{name}"})
        return
    for line in next_steps(flow.name, name, pool):
        put(line)
