"""`penstock deployment …`: flows that run elsewhere and later."""

from __future__ import annotations

import click

from penstock.cli.exits import DONE
from penstock.cli.output import (
    Column,
    ago,
    output_option,
    print_json,
    print_json_line,
    show,
)
from penstock.cli.parameters import parameter_option, parameters_option, read_parameters
from penstock.cli.services import ask
from penstock.cli.wire.scheduler import deployments

COLUMNS = (
    Column("Name", lambda each: f"{each['flow_name']}/{each['name']}"),
    Column("Version", lambda each: str(each["version"])),
    Column("Pool", lambda each: each["spec"]["work_pool"]),
    Column("Entrypoint", lambda each: each["spec"]["launch"]["entrypoint"]),
    Column("Updated", lambda each: ago(each, "update_time")),
)


@click.command()
@click.option("--flow", default="", help="Only deployments of this flow.")
@output_option
def ls(flow: str, output: str) -> None:
    rows = ask(deployments().all(flow=flow))
    empty = "no deployments yet: `penstock deploy FILE.py:FLOW --name NAME --pool POOL`"
    show(rows, COLUMNS, output=output, empty=empty)


@click.command()
@click.argument("name", metavar="FLOW/DEPLOYMENT")
@parameter_option
@parameters_option
@click.option("--name", "flow_run_name", default="", help="What to call the run.")
@click.option("--tag", "tags", multiple=True, help="A label for the run. May be repeated.")
@click.option("--watch", is_flag=True, help="Show the run live; exit 1 unless it completes.")
@output_option
def run(
    name: str,
    pairs: tuple[str, ...],
    document: str,
    flow_run_name: str,
    tags: tuple[str, ...],
    watch: bool,
    output: str,
) -> int:
    """Make a run of a deployment, which a worker of its pool takes at once."""
    if not all(name.partition("/")):
        raise click.BadParameter(f"{name!r} must be FLOW/DEPLOYMENT, such as etl/nightly")
    parameters = read_parameters(pairs, document)
    made = ask(
        deployments().run(name, parameters=parameters, flow_run_name=flow_run_name, tags=tags)
    )
    if output == "json" and not watch:
        print_json(made)
    elif output == "json":
        print_json_line(made)
    else:
        click.echo(f"Flow run {made['flow_run_name']} ({made['flow_run_id']}) is scheduled.")
    if not watch:
        return DONE
    from penstock.cli.watching import watch_to_end

    return watch_to_end(made["flow_run_id"], output)
