"""The flow that is run again and again; it tells the ledger all that it does."""

from __future__ import annotations

import time

from chaos.ledger import tell
from penstock import flow, task
from penstock.runtime import flow_run, task_run

PAUSE = 0.2


@task
def step(number: int) -> int:
    tell("step", run=flow_run.id, attempt=flow_run.run_count, task_run=task_run.id)
    time.sleep(PAUSE)
    return number


@flow
def steps(count: int) -> str:
    """Take so many steps, of a fifth of a second each; return the run's id."""
    tell("begin", run=flow_run.id, attempt=flow_run.run_count)
    for number in range(count):
        step(number)
    tell("end", run=flow_run.id, attempt=flow_run.run_count)
    return str(flow_run.id)
