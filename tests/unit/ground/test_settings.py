"""What the environment says of where the services are."""

import pytest

from penstock.exceptions import ConfigurationError
from penstock.ground.settings import SERVICES, addresses


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in (*SERVICES, "executor"):
        monkeypatch.delenv(f"PENSTOCK_{service.upper()}_ADDRESS", raising=False)
    monkeypatch.delenv("PENSTOCK_ADDRESS", raising=False)


def test_without_an_address_there_is_no_server() -> None:
    assert addresses() == {}


def test_one_address_is_that_of_all_but_those_that_have_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PENSTOCK_ADDRESS", "front:7470")
    monkeypatch.setenv("PENSTOCK_STATE_ADDRESS", "state:7471")
    assert addresses() == {
        "state": "state:7471",
        "scheduler": "front:7470",
        "artifact": "front:7470",
    }


def test_programs_do_not_need_to_reach_an_executor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_ADDRESS", "front:7470")
    monkeypatch.setenv("PENSTOCK_EXECUTOR_ADDRESS", "behind-a-wall:7474")
    assert set(addresses().values()) == {"front:7470"}


def test_a_service_without_an_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_STATE_ADDRESS", "state:7471")
    with pytest.raises(ConfigurationError, match="PENSTOCK_SCHEDULER_ADDRESS"):
        addresses()
