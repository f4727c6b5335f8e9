"""The deployed runs: asked for one after another, and again until each is acknowledged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

import grpc

from integration.caller import Caller
from penstockd.assembly.services import SERVICES

Answer = TypeVar("Answer")
FLOWS = Path(__file__).with_name("flows.py")
MOST_STEPS = 10
PAUSE = 1.0


class Load:
    """Asks for `count` runs in so many seconds; `acknowledged` has their ids."""

    def __init__(self, address: str, seed: str, *, count: int, seconds: float) -> None:
        self.acknowledged: list[str] = []
        self._caller = Caller(dict.fromkeys(SERVICES, address))
        self._random = Random(seed)
        self._count, self._pause = count, seconds / count
        self._thread = threading.Thread(target=self._ask, name="load", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        self._thread.join()
        self._caller.close()

    def _ask(self) -> None:
        deployment = patient(lambda: self._caller.deploy("steps", file=FLOWS))
        began = time.monotonic()
        for number in range(self._count):
            time.sleep(max(0.0, began + number * self._pause - time.monotonic()))
            steps = self._random.randint(1, MOST_STEPS)
            run = patient(partial(self._caller.run, deployment, count=steps))
            self.acknowledged.append(run)


def patient(ask: Callable[[], Answer]) -> Answer:
    """Ask until there is an answer."""
    while True:
        try:
            return ask()
        except grpc.RpcError:
            time.sleep(PAUSE)
