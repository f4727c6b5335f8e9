"""A process for each service and a front before them, started, watched and stopped together."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta

from penstock.errors import PenstockError
from penstockd.assembly.services import SERVICES
from penstockd.assembly.serving import Options, Ready, serve_front
from penstockd.chassis.config import ConfigError

STOP_LIMIT = timedelta(seconds=20)
DATABASE = "PENSTOCK_DATABASE"

Process = asyncio.subprocess.Process


class ServiceEnded(Exception):
    """A service ended by itself: its log says why."""


async def serve_separately(options: Options, *, on_ready: Ready) -> None:
    """Run each service as a process of its own, all reached through the front."""
    processes: dict[str, Process] = {}
    try:
        for service in options.addresses:
            processes[service] = await _start(service, options)
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(_first_end(processes))
            await serve_front(options, on_ready=on_ready)
            watch.cancel()
    except* (ServiceEnded, ConfigError, PenstockError) as ended:
        raise ended.exceptions[0] from None
    finally:
        await _stop(processes)


async def _start(service: str, options: Options) -> Process:
    command = [sys.executable, "-m", "penstockd", service]
    command += ["--listen", options.addresses[service], "--store", str(options.store)]
    return await asyncio.create_subprocess_exec(
        *command,
        env=_environment(service, options),
        # Ctrl-C reaches the front alone, which stops the others in good order.
        start_new_session=True,
    )


def _environment(service: str, options: Options) -> Mapping[str, str]:
    addresses = {
        f"PENSTOCK_{name.upper()}_ADDRESS": address
        for name, address in options.addresses.items()
    }
    inherited = {name: value for name, value in os.environ.items() if name != DATABASE}
    # A URL of a database holds a password: it has no place among the arguments, and none at
    # all where flows run.
    given = {} if SERVICES[service].own_store else {DATABASE: options.database}
    return {**inherited, **addresses, **given}


async def _first_end(processes: Mapping[str, Process]) -> None:
    ends = {
        asyncio.ensure_future(process.wait()): service for service, process in processes.items()
    }
    done, rest = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    for each in rest:
        each.cancel()
    ended = done.pop()
    raise ServiceEnded(f"the {ends[ended]} service ended with exit code {ended.result()}")


async def _stop(processes: Mapping[str, Process]) -> None:
    """Those that call others first, so that the executor can still give its work back."""
    for service in reversed(tuple(SERVICES)):
        process = processes.get(service)
        if process is None or process.returncode is not None:
            continue
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_LIMIT.total_seconds()):
                await process.wait()
        except TimeoutError:
            process.kill()
