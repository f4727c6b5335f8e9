"""What every unit test keeps to."""

import pytest

from penstock.client import process_connection


@pytest.fixture(autouse=True)
def no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to open a connection, which without a server is to a store."""

    def refuse(*_arguments: object, **_options: object) -> None:
        pytest.fail("a unit test opens no store: it is integration")

    monkeypatch.setattr(process_connection, "open_connection", refuse)
