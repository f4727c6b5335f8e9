"""A process for each service and a front before them, started, watched and stopped together."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta

from penstock.errors import PenstockError
from penstockd.assembly.services import SERVICES
from penstockd.assembly.serving import Options, Ready, serve_front
from penstockd.assembly.sockets import SCHEME
from penstockd.chassis.config import ConfigError
from penstockd.chassis.loops import pause_after
from penstockd.chassis.port_holders import lack_of

logger = logging.getLogger(__name__)

STOP_LIMIT = timedelta(seconds=20)
# Who lived for so long ends for a new reason: it is started again without a long pause.
STEADY = timedelta(minutes=1)
DATABASE = "PENSTOCK_DATABASE"

Process = asyncio.subprocess.Process


class ServiceEnded(Exception):
    """A service could not start: its log says why."""


async def serve_separately(options: Options, *, on_ready: Ready) -> None:
    """Run each service as a process of its own, all reached through the front.

    One that ends while the front serves is started again; the others go on.
    """
    refuse_taken_ports(options.addresses)
    services = [ServiceProcess(service, options) for service in options.addresses]
    serving = asyncio.Event()

    def ready(address: str) -> None:
        serving.set()
        on_ready(address)

    try:
        for service in services:
            await service.start()
        async with asyncio.TaskGroup() as group:
            watches = [group.create_task(service.keep(serving)) for service in services]
            await serve_front(options, on_ready=ready)
            for watch in watches:
                watch.cancel()
    except* (ServiceEnded, ConfigError, PenstockError) as ended:
        raise ended.exceptions[0] from None
    finally:
        await _stop({service.name: service for service in services})


def refuse_taken_ports(addresses: Mapping[str, str]) -> None:
    """Name who has a port: of a service that cannot listen only its exit code would be known.

    Raises ConfigError.
    """
    for service, address in addresses.items():
        if address.startswith(SCHEME):
            continue
        host, _, port = address.rpartition(":")
        if lack := lack_of(host, int(port)):
            raise ConfigError(
                f"the {service} service cannot listen on {address}: {lack}; stop that one, or "
                "choose another port"
            )


class ServiceProcess:
    """One service as a process, and as the next one when that has ended."""

    def __init__(self, name: str, options: Options) -> None:
        self.name = name
        self._options = options
        self._process: Process | None = None

    async def start(self) -> None:
        options = self._options
        command = [sys.executable, "-m", "penstockd", self.name, "--leash"]
        command += ["--listen", options.addresses[self.name], "--store", str(options.store)]
        self._process = await asyncio.create_subprocess_exec(
            *command,
            # The leash: however this process ends, the other end of the pipe ends with it.
            stdin=asyncio.subprocess.PIPE,
            env=_environment(self.name, options),
            # Ctrl-C reaches the front alone, which stops the others in good order.
            start_new_session=True,
        )

    async def keep(self, serving: asyncio.Event) -> None:
        """Start it again whenever it ends. Raises ServiceEnded if nothing serves yet."""
        loop = asyncio.get_running_loop()
        failures, began = 0, loop.time()
        while self._process is not None:
            code = await self._process.wait()
            if not serving.is_set():
                raise ServiceEnded(
                    f"the {self.name} service could not start: its message is above (exit "
                    f"code {code})"
                )
            failures = 0 if loop.time() - began > STEADY.total_seconds() else failures
            pause = pause_after(failures).total_seconds()
            failures += 1
            told = {"service": self.name, "exit_code": code, "again_in": f"{pause:g}s"}
            logger.warning("service.ended", extra=told)
            await asyncio.sleep(pause)
            await self.start()
            began = loop.time()

    async def stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_LIMIT.total_seconds()):
                await process.wait()
        except TimeoutError:
            process.kill()


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


async def _stop(services: Mapping[str, ServiceProcess]) -> None:
    """Those that call others first, so that the executor can still give its work back."""
    for name in reversed(tuple(SERVICES)):
        if name in services:
            await services[name].stop()
