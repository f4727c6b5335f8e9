"""What tests of the executor arrange with."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from penstockd.chassis.ids import uuid7
from penstockd.executor.rules.execution import Execution
from penstockd.executor.rules.work import Launch, LeaseRef, Work

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
_numbers = count(1)


def an_id() -> UUID:
    return uuid7(NOON, next(_numbers))


def a_work(**changes: Any) -> Work:
    work = Work(
        lease=LeaseRef(lease_id=an_id(), fence=3),
        namespace="home",
        flow_run_id=an_id(),
        flow_run_name="quick-otter",
        flow_name="spring",
        deployment_id="",
        deployment_version=0,
        launch=Launch(
            interpreter="", working_dir="", sys_path=(), entrypoint="spring.py:spring"
        ),
        parameters=None,
        attempt=1,
        traceparent="",
    )
    return replace(work, **changes)


def an_execution(**changes: Any) -> Execution:
    execution = Execution(
        lease=LeaseRef(lease_id=an_id(), fence=3),
        namespace="home",
        flow_run_id=an_id(),
        keeper=an_id(),
        runtime="process",
        start_time=NOON,
    )
    return replace(execution, **changes)
