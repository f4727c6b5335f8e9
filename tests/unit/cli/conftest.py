"""Services that a test puts in the place of those of this process."""

from collections.abc import Iterator
from typing import Any

import pytest

from fixtures_cli import Penstock
from penstock.client import process_connection
from penstock.ground.loop_thread import LoopThread
from unit.cli.services import Services
from unit.client.channels import connection_over


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch, penstock: Penstock) -> Iterator[Services]:
    """Return what makes a channel the way to all services."""
    del penstock  # It closes the connection that was there before.
    loop = LoopThread()

    def use(channel: Any) -> None:
        connection = connection_over(channel, loop)
        monkeypatch.setattr(process_connection.process_connection, "_connection", connection)

    yield use
    monkeypatch.undo()
    loop.stop()
