"""`penstock deployment …`: flows that run elsewhere and later."""

from __future__ import annotations

from shlex import quote
from typing import Any

import click

from penstock.cli.exits import DONE, exit_code_of, say
from penstock.cli.finding import deployment_ref
from penstock.cli.helpful import Helpful
from penstock.cli.labelling import tag_option
from penstock.cli.names import POOL, flow_names, name_part, tag_names
from penstock.cli.output import (
    Column,
    Row,
    ago,
    full_name,
    output_option,
    show,
)
from penstock.cli.parameters import (
    encoded_parameters,
    parameter_option,
    parameters_option,
    read_parameters,
)
from penstock.cli.printing import print_json, print_json_line, put
from penstock.cli.services import ask, ask_pages, here, part
from penstock.client.deployments import Deployments, DeploymentSelection, RunRequest
from penstock.client.work_pools import WorkPools
from penstock.errors import ResourceInUse


def program(deployment: Row) -> str:
    """Return what the runs of a deployment start."""
    match deployment["spec"]["launch"]:
        case {"python": {"entrypoint": entrypoint}}:
            return str(entrypoint)
        case {"command": {"argv": argv}}:
            return " ".join(argv)
        case {"handler": handler}:
            return f"handler {handler}"
    return "-"


COLUMNS = (
    Column("Name", full_name),
    Column("Version", lambda each: str(each["version"])),
    Column("Pool", lambda each: each["spec"]["work_pool"]),
    Column("Program", program, may_be_cut=True),
    Column("Tags", lambda each: ", ".join(each["spec"]["tags"]) or "-", may_be_cut=True),
    Column("Updated", lambda each: ago(each, "update_time")),
    Column("Description", lambda each: each["description"] or "-", may_be_cut=True),
)


deployment_argument = click.argument("wanted", metavar="DEPLOYMENT")


@click.command(cls=Helpful)
@click.option(
    "--flow",
    "flows",
    multiple=True,
    metavar="NAME",
    callback=flow_names,
    help="Only deployments of this flow. May be repeated.",
)
@click.option(
    "--pool",
    "pools",
    multiple=True,
    metavar="NAME",
    type=POOL,
    help="Only those whose runs wait in this pool. May be repeated.",
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    callback=tag_names,
    help="Only those with this tag. May be repeated: any of the tags.",
)
@click.option(
    "--name",
    default="",
    metavar="TEXT",
    callback=name_part,
    help="Only those whose name contains this.",
)
@output_option
def ls(output: str, **selected: Any) -> None:
    selection = DeploymentSelection(**selected)
    pages = ask_pages(part(Deployments).all(selection, full=output == "json"))
    hint = (
        "no deployments yet: create one with `penstock deploy FILE.py:FLOW "
        "--name NAME --pool POOL`"
    )
    empty = "no deployments match" if any(selected.values()) else hint
    show(pages, COLUMNS, output=output, empty=empty)


@click.command(cls=Helpful)
@deployment_argument
@parameter_option
@parameters_option
@click.option("--name", "flow_run_name", default="", help="The name of the run.")
@tag_option
@click.option(
    "--watch", is_flag=True, help="Show the run and its log live; exit 1 unless it completes."
)
@output_option
def run(
    wanted: str,
    pairs: tuple[str, ...],
    document: str,
    flow_run_name: str,
    tags: tuple[str, ...],
    watch: bool,
    output: str,
) -> int:
    """Create a run of a deployment, which a worker of its pool starts at once.

    DEPLOYMENT is FLOW/NAME, NAME, an id, the first letters of one, or `latest`.
    """
    parameters = read_parameters(pairs, document)
    chosen = deployment_ref(wanted)
    request = RunRequest(
        deployment=chosen,
        parameters=encoded_parameters(parameters),
        flow_run_name=flow_run_name,
        tags=tags,
    )
    made = ask(part(Deployments).run_row(request))
    if output == "json" and not watch:
        print_json(made)
    elif output == "json":
        print_json_line(made)
    else:
        put(f"Scheduled flow run {made['flow_run_name']} ({made['flow_run_id']})")
    if lacking := _lacking_worker(chosen):
        say(lacking)
    if not watch:
        return DONE
    from penstock.cli.watching import watch_to_end

    since = made["watch_cursor"] if made["created"] else ""
    return watch_to_end(made["flow_run_id"], output, since=since, logs=True)


def _lacking_worker(deployment: str) -> str:
    """Return what to say if nobody is there who would run it."""
    pool = ask(part(Deployments).get(deployment))["spec"]["work_pool"]
    if not pool or ask(part(WorkPools).get(pool))["live_workers"]:
        return ""
    start = (
        "penstock up" if here().embedded else f"penstock executor start --pool {quote(pool)}"
    )
    return (
        f"no worker serves work pool {pool} at the moment, so the run waits: "
        f"start one with `{start}`"
    )


@click.command(cls=Helpful)
@deployment_argument
@click.option("--cancel", is_flag=True, help="Cancel its runs that have not ended.")
@output_option
def delete(wanted: str, cancel: bool, output: str) -> int:
    """Delete a deployment and all its versions; its runs are kept."""
    chosen = deployment_ref(wanted)
    try:
        deleted = ask(part(Deployments).delete(chosen, cancel=cancel))
    except ResourceInUse as error:
        say(f"{error} (use --cancel)")
        return exit_code_of(error)
    if output == "json":
        print_json(deleted)
        return DONE
    put(f"Deleted deployment {full_name(deleted['deployment'])}")
    if count := deleted["cancelled_runs"]:
        put(f"Cancelled {count} {'run' if count == 1 else 'runs'} of it")
    return DONE
