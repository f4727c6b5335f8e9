"""Runs one leased flow run in this process, whatever its code turns out to be."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from penstock import telemetry
from penstock.child import tracebacks
from penstock.child.wire_arguments import arguments
from penstock.child.wire_orders import Job, Orders
from penstock.client.process_connection import process_connection
from penstock.engine.flows.leased import Lease, run_leased
from penstock.engine.run_logging import logging_level, prepare_logging
from penstock.exceptions import ConfigurationError, PenstockError
from penstock.flows import Flow, flow, load_flow_from_entrypoint
from penstock.ground.cancelling import CancelToken, RunStopped
from penstock.process import user_frames
from penstock.states import State

COMPLETED, NOT_COMPLETED = 0, 1
# EX_TEMPFAIL: if the run had not begun, it is to begin elsewhere.
COULD_NOT_BEGIN = 75


class CannotBegin(PenstockError):
    """The code of the flow cannot be started on this machine: deploy it again."""


def run(job: Job, orders: Orders, *, when_lost: Callable[[], object]) -> int:
    """Return the exit code of the process; the run's state is recorded by then.

    `when_lost` is called as soon as somebody else owns the run.
    """
    telemetry.configure("penstock-child")
    user_frames.install()
    process_connection.enter_session(UUID(job.session_id))
    _log_to_the_run_only()
    token = CancelToken()
    token.when_set(lambda: when_lost() if token.lost else None)
    _end_at_sigterm(token)
    orders.listen(token.cancel)
    try:
        state = _run(job, token)
    except PenstockError as error:
        # Whatever the user's code raises is in a state: this is about what is beside the run.
        sys.stderr.write(f"{error}\n")
        return COULD_NOT_BEGIN
    if isinstance(state.data, BaseException) and not state.is_cancelled():
        tracebacks.show(state.data)
    return COMPLETED if state.is_completed() else NOT_COMPLETED


def _run(job: Job, token: CancelToken) -> State[Any]:
    found, parameters = _prepared(job)
    return run_leased(
        found,
        lease=Lease(
            owned=job.owned,
            flow_run_name=job.flow_run_name,
            deployment_id=job.deployment_id,
            deployment_version=job.deployment_version,
        ),
        parameters=parameters,
        traceparent=job.traceparent,
        cancel=token,
    )


def _prepared(job: Job) -> tuple[Flow[Any, Any], Mapping[str, Any]]:
    """Return the flow and its arguments; if there are none, a flow that says why.

    The run exists already, so it is the run that must say what is wrong.
    """
    try:
        logging_level()
        _enter(job.working_dir)
        sys.path[:0] = [folder for folder in job.sys_path if folder not in sys.path]
        return load_flow_from_entrypoint(job.entrypoint), arguments(job)
    except SystemExit as error:
        told = CannotBegin(
            f"{job.entrypoint} exited the program when it was imported ({error!r})"
        )
        return _raising(told, job.flow_name), {}
    except Exception as error:  # noqa: BLE001 - importing runs user code, which raises anything
        return _raising(error, job.flow_name), {}


def _enter(folder: str) -> None:
    if not folder:
        return
    try:
        os.chdir(folder)
    except OSError as error:
        raise CannotBegin(
            f"the folder {folder} cannot be opened on this machine ({error.strerror}): "
            "deploy the flow again from where its code is"
        ) from None


def _raising(error: BaseException, flow_name: str) -> Flow[Any, Any]:
    @flow(name=flow_name)
    def could_not_begin() -> None:
        raise error

    return could_not_begin


def _log_to_the_run_only() -> None:
    """The executor takes in standard error: a line must not reach the run's log twice."""
    root, ours = logging.getLogger(), logging.getLogger("penstock")
    stands_in = logging.NullHandler()
    root.addHandler(stands_in)
    try:
        prepare_logging()
    except ConfigurationError:
        # The run itself says what is wrong, as soon as it begins.
        prepare_logging(logging.INFO)
    root.removeHandler(stands_in)
    ours.propagate = False


def _end_at_sigterm(token: CancelToken) -> None:
    """A run that is being cancelled may tidy up; without a token SIGTERM means now."""

    def end(number: int, _frame: object) -> None:
        if token.cancelled:
            if not (token.over or _waits_in_a_loop()):
                raise RunStopped(token.message)
            return
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, end)


def _waits_in_a_loop() -> bool:
    """An exception would end the loop, where the token cancels what the flow awaits."""
    loop = asyncio._get_running_loop()
    return loop is not None and asyncio.current_task(loop) is None
