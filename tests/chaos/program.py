"""An embedded program: runs flows until it is told to stop, in the manner it is named for."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from chaos.flows import steps
from chaos.ledger import tell
from penstock import flow, task
from penstock.runtime import flow_run

MOST_STEPS = 4
FORKING_CHILDREN: tuple[Callable[[], object], ...] = (
    lambda: os._exit(0),
    lambda: sys.exit(0),
    lambda: None,
)


def plain(random: Random) -> None:
    returned(steps(random.randint(1, MOST_STEPS)))


def forking(random: Random) -> None:
    """Fork inside a flow; the child ends, or returns through the flow that it was forked in."""
    returned(forked(random.randrange(len(FORKING_CHILDREN))))


@task
def before_and_after() -> None:
    tell("step", run=flow_run.id, attempt=flow_run.run_count)


@flow
def forked(ending: int) -> str:
    tell("begin", run=flow_run.id, attempt=flow_run.run_count)
    before_and_after()
    child = os.fork()
    if not child:
        FORKING_CHILDREN[ending]()
        return "a child that went on"
    os.waitpid(child, 0)
    before_and_after()
    tell("end", run=flow_run.id, attempt=flow_run.run_count)
    return str(flow_run.id)


def pooling(random: Random) -> None:
    """Call flows in the workers of a forked pool."""
    returned(steps(1))
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(_in_a_worker, [random.randint(1, MOST_STEPS) for _ in range(2)])


def _in_a_worker(count: int) -> None:
    attempted(lambda: returned(steps(count)))


def daemonising(random: Random) -> None:
    """Go on in a grandchild, whose parents are gone."""
    returned(steps(1))
    if child := os.fork():
        os.waitpid(child, 0)
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    attempted(lambda: returned(steps(random.randint(1, MOST_STEPS))))
    os._exit(0)


def returned(run: str) -> None:
    tell("returned", run=run)


def attempted(act: Callable[[], None]) -> None:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever it is, the ledger hears of it
        tell("raised", detail=f"{type(error).__name__}: {error}")


MANNERS = {each.__name__: each for each in (plain, forking, pooling, daemonising)}


def main(manner: str, seed: str, stop: Path) -> None:
    random = Random(seed)
    while not stop.exists():
        attempted(lambda: MANNERS[manner](random))
        time.sleep(random.random())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
