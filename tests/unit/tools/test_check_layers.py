"""Each rule about places finds what breaks it, and lets the right place be."""

from pathlib import Path

import pytest

from tools.check_layers import check


def found(root: Path, path: str, text: str) -> list[str]:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return [finding.message for finding in check(root)]


def test_an_empty_checkout_breaks_no_rule(tmp_path: Path) -> None:
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        "import grpc\n",
        "from google.protobuf import message\n",
        "from penstock.api.state.v1 import flow_pb2\n",
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "services/penstockd/state/usecases/flow.py",
        "services/penstockd/state/store/flow.py",
        "clients/python/penstock/flows.py",
    ],
)
def test_grpc_and_protobuf_are_refused_away_from_the_wire(
    tmp_path: Path, path: str, text: str
) -> None:
    (message,) = found(tmp_path, path, text)
    assert "modules with `wire` in their name only" in message


@pytest.mark.parametrize(
    "path",
    [
        "services/penstockd/state/servicers/flow.py",
        "services/penstockd/scheduler/peers/state_wire.py",
        "services/penstockd/chassis/server.py",
        "services/penstockd/assembly.py",
        "clients/python/penstock/client/connection.py",
        "clients/python/penstock/recording/journal_wire.py",
    ],
)
def test_grpc_is_at_home_on_the_wire(tmp_path: Path, path: str) -> None:
    assert found(tmp_path, path, "import grpc\n") == []


def test_sqlalchemy_is_refused_away_from_stores(tmp_path: Path) -> None:
    path = "services/penstockd/state/usecases/flow.py"
    (message,) = found(tmp_path, path, "import sqlalchemy as sa\n")
    assert message.startswith("sqlalchemy is for store")


@pytest.mark.parametrize("folder", ["state/store", "database", "state/migrations/versions"])
def test_sqlalchemy_is_at_home_in_stores(tmp_path: Path, folder: str) -> None:
    path = f"services/penstockd/{folder}/tables.py"
    assert found(tmp_path, path, "import sqlalchemy as sa\n") == []


@pytest.mark.parametrize(
    "text",
    ["import pydantic\n", "from penstock.errors import LeaseLost\n", "import cronsim\n"],
)
def test_rules_import_nothing_but_the_standard_library(tmp_path: Path, text: str) -> None:
    (message,) = found(tmp_path, "services/penstockd/state/rules/flow.py", text)
    assert message.startswith("rules import the standard library and penstockd.chassis.payload")


def test_rules_may_hold_the_values_that_all_services_share(tmp_path: Path) -> None:
    path = "services/penstockd/state/rules/flow.py"
    assert found(tmp_path, path, "from penstockd.chassis.payload import Payload\n") == []
    assert len(found(tmp_path, path, "from penstockd.chassis.ids import uuid7\n")) == 1


def test_rules_may_import_each_other(tmp_path: Path) -> None:
    text = "import enum\nfrom penstockd.state.rules.attempt import Attempt\n"
    assert found(tmp_path, "services/penstockd/state/rules/flow.py", text) == []


def test_the_calendar_may_import_its_two_libraries(tmp_path: Path) -> None:
    text = "import cronsim\nfrom dateutil import rrule\n"
    assert found(tmp_path, "services/penstockd/scheduler/rules/calendar.py", text) == []


def test_a_usecase_that_knows_a_sql_adapter_is_refused(tmp_path: Path) -> None:
    text = "from penstockd.state.store.flow import SqlFlowStore\n"
    (message,) = found(tmp_path, "services/penstockd/state/usecases/flow.py", text)
    assert message.startswith("use cases know the port")


def test_a_usecase_may_know_the_port(tmp_path: Path) -> None:
    text = (
        "from penstockd.state.store import Transaction\n"
        "from penstockd.state.store.ports.flow import FlowStore\n"
    )
    assert found(tmp_path, "services/penstockd/state/usecases/flow.py", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "import threading\n",
        "from concurrent.futures import ThreadPoolExecutor\n",
        "import asyncio\nwork = asyncio.to_thread(print)\n",
        "from datetime import UTC, datetime\nnow = datetime.now(UTC)\n",
        "import datetime\nnow = datetime.datetime.now(datetime.UTC)\n",
        "import time\nnow = time.time()\n",
        "import time\nclock = time.monotonic\n",
        "from time import monotonic\n",
        "import asyncio\nwork = asyncio.get_running_loop().run_in_executor(None, print)\n",
    ],
)
def test_a_service_has_no_clock_or_thread_of_its_own(tmp_path: Path, text: str) -> None:
    messages = found(tmp_path, "services/penstockd/executor/usecases/child.py", text)
    assert (
        len([it for it in messages if "chassis and database" in it or "handed in" in it]) == 1
    )


def test_the_chassis_has_the_clock(tmp_path: Path) -> None:
    text = "import time\nnow = time.time()\n"
    assert found(tmp_path, "services/penstockd/chassis/clock.py", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "import datetime\nnow = datetime.datetime.now(datetime.UTC)\n",
        "import time\nnow = time.time()\n",
        "from time import time_ns\n",
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "services/penstockd/chassis/loops.py",
        "services/penstockd/database/sqlite.py",
        "clients/python/penstock/leases/renewing.py",
    ],
)
def test_nobody_waits_by_a_clock_that_people_set(tmp_path: Path, path: str, text: str) -> None:
    (message,) = found(tmp_path, path, text)
    assert "a wait is a duration" in message


@pytest.mark.parametrize("path", ["utils.py", "core/flow.py"])
def test_a_name_that_says_nothing_is_refused(tmp_path: Path, path: str) -> None:
    (message,) = found(tmp_path, f"clients/python/penstock/{path}", "")
    assert message.endswith("does not say what the module decides or keeps")


def test_an_import_inside_a_function_is_refused_until_it_is_listed(tmp_path: Path) -> None:
    path, text = "clients/python/penstock/flows.py", "def run():\n    import asyncio\n"
    (message,) = found(tmp_path, path, text)
    assert message.startswith("import of asyncio inside a function")

    listing = tmp_path / "tools/lazy_imports.txt"
    listing.parent.mkdir()
    listing.write_text(f"# path: reason\n{path}: asyncio costs 60 ms\n")
    assert check(tmp_path) == []


def test_a_listed_module_that_defers_nothing_is_taken_out(tmp_path: Path) -> None:
    listing = tmp_path / "tools/lazy_imports.txt"
    listing.parent.mkdir()
    listing.write_text("clients/python/penstock/flows.py: no reason any more\n")
    (message,) = found(tmp_path, "clients/python/penstock/flows.py", "import asyncio\n")
    assert message.startswith("defers no import any more")


def test_a_listed_module_that_is_gone_is_taken_out(tmp_path: Path) -> None:
    listing = tmp_path / "tools/lazy_imports.txt"
    listing.parent.mkdir()
    listing.write_text("services/penstockd/gone.py: it was slow\n")
    (message,) = [finding.message for finding in check(tmp_path)]
    assert message.startswith("services/penstockd/gone.py is not there")


@pytest.mark.parametrize(
    "text",
    [
        "import click\nclick.echo(name)\n",
        "import sys\nsys.stdout.write(name)\n",
        "import sys\nfile = sys.stderr\n",
        "print(name)\n",
        "import traceback\ntraceback.print_exc()\n",
    ],
)
def test_a_command_prints_through_what_escapes_it(tmp_path: Path, text: str) -> None:
    [message] = found(tmp_path, "clients/python/penstock/cli/pools.py", text)
    assert "penstock.cli.printing" in message
    (tmp_path / "clients/python/penstock/cli/pools.py").unlink()
    assert found(tmp_path, "clients/python/penstock/cli/printing.py", text) == []


def test_generated_code_is_not_judged(tmp_path: Path) -> None:
    path = "clients/python/penstock/api/state/v1/flow_pb2.py"
    assert found(tmp_path, path, "from google.protobuf import descriptor\n") == []
