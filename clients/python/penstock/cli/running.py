"""`penstock run`: a flow in this process, its tasks shown while they run."""

from __future__ import annotations

import asyncio
import inspect
import sys
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Event
from typing import Any

import click

from penstock.cli.exits import BAD_INPUT, DONE, FAILED, complain, say
from penstock.cli.following import RunFollower
from penstock.cli.helpful import Helpful
from penstock.cli.loading import load_flow
from penstock.cli.parameters import parameter_option, parameters_option, read_parameters
from penstock.cli.printing import NobodyReads, OutputLost, put
from penstock.cli.services import here
from penstock.cli.streams import on_terminal
from penstock.cli.watching import show_sights
from penstock.client.flow_runs import FlowRuns
from penstock.engine.run_logging import console_without, was_shown
from penstock.engine.telling import RUN_EVENTS
from penstock.errors import PenstockError
from penstock.exceptions import ParameterBindError, ParameterTypeError
from penstock.flows import Flow
from penstock.process.user_frames import only_user_frames, strip

# The run has ended by then; only its last picture is missing.
LAST_LOOK_SECONDS = 5.0


@click.command(cls=Helpful)
# A file may be called by any bytes.
@click.argument("entrypoint", type=click.UNPROCESSED, metavar="FILE.py:FLOW")
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
) -> int:
    """Run a flow now, in this process: FILE.py:FLOW.

    Prints what the flow returned; the log goes to standard error, and on a terminal the tasks
    are shown live. Exit 1 if the flow raises. The file finds ARGUMENTS in sys.argv.
    """
    parameters = read_parameters(pairs, document)
    sys.argv = [entrypoint.rpartition(":")[0], *arguments]
    flow = load_flow(entrypoint)
    try:
        with _shown() if on_terminal() and not quiet else _nothing():
            returned = _call(flow, parameters)
    except ParameterBindError as error:
        say(f"{error}{_hint(arguments)}")
        return BAD_INPUT
    except (NobodyReads, OutputLost):
        raise
    except Exception as error:
        if _ours(error):
            raise
        if not was_shown(error):
            strip(error)
            complain(traceback.format_exception(error))
        return FAILED
    if returned is not None:
        put(_text_of(returned))
    return DONE


def _call(flow: Flow[Any, Any], parameters: Mapping[str, Any]) -> Any:
    named = flow.parameters.bind_names(parameters)
    args, kwargs = flow.parameters.call_arguments(named)
    answer = flow(*args, **kwargs)
    return asyncio.run(answer) if inspect.iscoroutine(answer) else answer


def _text_of(returned: object) -> str:
    """Return what people see of a value; a text is itself."""
    if isinstance(returned, str):
        return returned
    try:
        return repr(returned)
    except Exception:  # noqa: BLE001 - the user's own class describes itself
        return f"<{type(returned).__name__}>"


def _ours(error: Exception) -> bool:
    """Tell whether Penstock itself is in the way; a run that Failed has said why."""
    ours = isinstance(error, PenstockError) and not isinstance(error, ParameterTypeError)
    return ours and only_user_frames(error.__traceback__) is None


def _hint(arguments: tuple[str, ...]) -> str:
    stray = next((word for word in arguments if "=" in word), "")
    return f"; did you mean --param {stray}?" if stray else ""


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _shown() -> Iterator[None]:
    """Show the next run of this process, whatever its id will be."""
    ready = Event()
    following = here().loop.submit(_show_next(ready))
    following.add_done_callback(lambda _: ready.set())
    ready.wait()
    try:
        # The tree has the begin and the end of every run.
        with console_without(RUN_EVENTS):
            yield
    except ParameterBindError:
        following.cancel()
        raise
    except BaseException:
        _last_look(following)
        raise
    _last_look(following)


async def _show_next(ready: Event) -> None:
    opened = here()
    flow_run_id = await opened.part(FlowRuns).next_of_session(opened.session_id, ready.set)
    await show_sights(RunFollower(opened, flow_run_id, tell=say).sights())


def _last_look(following: Future[None]) -> None:
    try:
        following.result(LAST_LOOK_SECONDS)
    except TimeoutError:
        following.cancel()
