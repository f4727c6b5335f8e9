"""A run of a deployment, as the program that asked for it holds it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Generator
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from penstock.client.connection import Connection
from penstock.client.deployments import RequestedRun
from penstock.client.flow_runs import FlowRuns, RunOutcome
from penstock.client.results import Results
from penstock.client.waiting import wait_for_run
from penstock.client.wire.payloads import value_of
from penstock.exceptions import MissingResult
from penstock.ground.option_checks import patience
from penstock.states import State

T = TypeVar("T")

__all__ = ["DeployedRun"]

_logger = logging.getLogger("penstock.deployments")


class DeployedRun:
    """A flow run that a worker runs: what `run_deployment` returns.

    `await run` waits for its end, or as long as `run_deployment` was told, and gives the run
    back. Everything else blocks the thread until it is answered, in async code too.

    Example:
        run = await run_deployment("etl/nightly")
        if run.state.is_completed():
            rows = run.result()
    """

    def __init__(
        self,
        deployment: str,
        made: Future[RequestedRun],
        connection: Connection,
        timeout: float | None,
    ) -> None:
        self._deployment, self._made, self._timeout = deployment, made, timeout
        self._connection = connection
        self._runs = connection.part(FlowRuns)
        self._seen: RunOutcome | None = None
        self._is_asked = False

    @property
    def id(self) -> str:
        """The flow run's id."""
        return self._request().flow_run_id

    @property
    def name(self) -> str:
        """The flow run's name, as it was last seen: its flow may name it when it begins."""
        return self._seen.name if self._seen else self._request().flow_run_name

    @property
    def state(self) -> State[Any]:
        """The flow run's state as it is now; once it has ended, nobody is asked any more."""
        return self._now().state

    def wait(self, timeout: float | None = None) -> None:
        """Return when the run has ended, or after so many seconds.

        Raises:
            ValueError, TypeError: the time-out is negative, or no number.
        """
        seconds = patience("a timeout", timeout)
        flow_run_id = self.id
        if seconds != 0 and not self._has_ended():
            self._seen = self._answer(self._end(flow_run_id, seconds))

    def result(self, timeout: float | None = None, raise_on_failure: bool = True) -> Any:
        """Return what the flow returned, or raise what ended the run.

        Args:
            timeout: wait at most so many seconds for the end.
            raise_on_failure: when false, the exception is returned instead.

        Raises:
            TimeoutError: the run has not ended in time.
            MissingResult: it completed, but its value was not kept.
            FailedRun, CrashedRun, CancelledRun: it ended so, without an exception that can be
                read here.
        """
        self.wait(timeout)
        seen = self._now()
        if not seen.state.is_final():
            raise TimeoutError(f"flow run {seen.name} has not ended within {timeout} seconds")
        if not seen.state.is_completed():
            return seen.state.result(raise_on_failure)
        if not seen.result_id:
            raise MissingResult(
                f"what flow run {seen.name} returned was not stored: its log says why"
            )
        payload = self._answer(self._connection.part(Results).fetched(seen.result_id))
        return value_of(payload, payload.inline)

    def __await__(self) -> Generator[Any, None, DeployedRun]:
        return self._awaited().__await__()

    async def _awaited(self) -> DeployedRun:
        self._is_asked = True
        # Who stops to wait for the run does not undo that it was asked for.
        made = await asyncio.shield(asyncio.wrap_future(self._made))
        if self._timeout != 0 and not self._has_ended():
            end = self._connection.loop.submit(self._end(made.flow_run_id, self._timeout))
            self._seen = await asyncio.wrap_future(end)
        return self

    async def _end(self, flow_run_id: str, timeout: float | None) -> RunOutcome:
        cursor = self._request().cursor
        return await wait_for_run(self._runs, flow_run_id, timeout, cursor=cursor)

    def _request(self) -> RequestedRun:
        self._is_asked = True
        return self._made.result()

    def _now(self) -> RunOutcome:
        if not self._has_ended():
            self._seen = self._answer(self._runs.outcome(self.id))
        assert self._seen is not None, "it was just seen"  # noqa: S101
        return self._seen

    def _has_ended(self) -> bool:
        return self._seen is not None and self._seen.state.is_final()

    def _answer(self, question: Coroutine[Any, Any, T]) -> T:
        """Block until it is answered; who is interrupted asks no more."""
        asked = self._connection.loop.submit(question)
        try:
            return asked.result()
        finally:
            asked.cancel()

    def __repr__(self) -> str:
        if not self._made.done():
            return f"DeployedRun({self._deployment!r}, not created yet)"
        if (error := self._made.exception()) is not None:
            return f"DeployedRun({self._deployment!r}, not created: {error})"
        state = f", {self._seen.state.name}" if self._seen else ""
        return f"DeployedRun({self.name!r}{state}, id={self.id!r})"

    def __del__(self) -> None:
        if not self._is_asked:
            self._made.add_done_callback(partial(_say_not_made, self._deployment))


def _say_not_made(deployment: str, made: Future[RequestedRun]) -> None:
    """Nobody has looked at the run, so nobody else will hear that there is none."""
    if not made.cancelled() and (error := made.exception()) is not None:
        _logger.error("No run of deployment %s was created: %s", deployment, error)
