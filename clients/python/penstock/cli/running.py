"""`penstock run`: a flow in this process, its tasks shown while they run."""

from __future__ import annotations

import sys
import traceback
from concurrent.futures import Future
from threading import Event
from typing import Any

import click

from penstock import connection
from penstock.cli.exits import BAD_INPUT, FAILED
from penstock.cli.live_tree import show_live
from penstock.cli.parameters import parameter_option, parameters_option, read_parameters
from penstock.cli.services import flow_runs
from penstock.engine.user_frames import strip
from penstock.exceptions import ParameterBindError
from penstock.flows import Flow, load_flow_from_entrypoint

# The run has ended by then; only its last picture is missing.
LAST_LOOK_SECONDS = 5.0


@click.command()
@click.argument("entrypoint", metavar="FILE.py:FLOW")
@parameter_option
@parameters_option
@click.option("--quiet", is_flag=True, help="Do not show the tasks.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- ARGUMENTS]")
def run(
    entrypoint: str,
    pairs: tuple[str, ...],
    document: str,
    quiet: bool,
    arguments: tuple[str, ...],
) -> None:
    """Run a flow here and now: FILE.py:FLOW.

    ARGUMENTS are what the file finds in sys.argv.
    """
    parameters = read_parameters(pairs, document)
    sys.argv = [entrypoint.rpartition(":")[0], *arguments]
    flow = _load(entrypoint)
    following = None if quiet else _follow()
    try:
        flow(**parameters)
    except ParameterBindError as error:
        sys.stderr.write(f"penstock: {error}\n")
        sys.exit(BAD_INPUT)
    except Exception as error:  # noqa: BLE001 - whatever the user's code raised
        _finish(following)
        strip(error)
        traceback.print_exception(error)
        sys.exit(FAILED)
    _finish(following)


def _load(entrypoint: str) -> Flow[Any, Any]:
    try:
        return load_flow_from_entrypoint(entrypoint)
    except (ValueError, OSError, ImportError, AttributeError) as error:
        raise click.BadParameter(str(error)) from None


def _follow() -> Future[None]:
    """Show the next run of this process, whatever its id will be."""
    here = connection.current()
    runs = flow_runs()
    ready = Event()

    async def show() -> None:
        flow_run_id = await runs.next_of_session(here.session_id, ready.set)
        await show_live(runs.follow(flow_run_id))

    following = here.loop.submit(show())
    ready.wait()
    return following


def _finish(following: Future[None] | None) -> None:
    if following is not None:
        following.result(LAST_LOOK_SECONDS)
