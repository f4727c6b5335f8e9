"""Real systems for a module each; a test that breaks one has its own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from fixtures_postgres import Cluster
from integration.caller import Caller
from integration.system import System

# So that a stop is seen in a test's time, and that what is seen within the time-to-live is no
# work of it: that is longer than any test waits.
QUICK = {
    "PENSTOCK_STATE_TTL": "10m",
    "PENSTOCK_STATE_RENEW_INTERVAL": "500ms",
    "PENSTOCK_EXECUTOR_CANCEL_TOKEN": "500ms",
    "PENSTOCK_EXECUTOR_CANCEL_GRACE": "500ms",
}
_names = count(1)

NewSystem = Callable[..., System]


@pytest.fixture(scope="module")
def module_database(postgres_cluster: Cluster) -> Iterator[str]:
    name = f"penstock_system_{id(postgres_cluster)}_{next(_names)}"
    postgres_cluster.run(f"CREATE DATABASE {name}")
    yield postgres_cluster.url(name)
    postgres_cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def system(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Four processes that all tests of a module share."""
    running = System(tmp_path_factory.mktemp("system"), module_database, QUICK)
    try:
        running.start_all()
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def caller(system: System) -> Iterator[Caller]:
    asking = Caller(system.addresses)
    yield asking
    asking.close()


@pytest.fixture
def new_system(postgres_url: str, tmp_path: Path) -> Iterator[NewSystem]:
    """Makes systems that belong to one test, not started yet."""
    with ExitStack() as stack:

        def make(**environment: str) -> System:
            folder = tmp_path / f"system-{next(_names)}"
            made = System(folder, postgres_url, {**QUICK, **environment})
            stack.callback(made.close)
            return made

        yield make
