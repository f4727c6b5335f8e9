"""`python -m tests.chaos`: outages, kills and full disks under load, and what became of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from chaos import report  # noqa: E402 - the path must be set first
from chaos.database import Database, no_database, postgres  # noqa: E402
from chaos.disk import enter_own_namespace  # noqa: E402
from chaos.faults import DatabaseAway, Fault, Outage  # noqa: E402
from chaos.judging import Outcome, embedded_states, judge, settled  # noqa: E402
from chaos.load import Load  # noqa: E402
from chaos.timeline import Timeline, plan  # noqa: E402
from chaos.world import World  # noqa: E402

STORES = {"sqlite": no_database, "postgres": postgres}


def main(arguments: Sequence[str]) -> int:
    given = _parser().parse_args(arguments)
    enter_own_namespace()
    found = False
    for store in given.store:
        print(f"\nseed {given.seed}: {store}", flush=True)
        with STORES[store]() as database, _folder(given.keep) as folder:
            timeline, outcome = _run(given, database, folder)
        print("\n".join(report.table(store, timeline, outcome)), flush=True)
        found = found or bool(outcome.findings)
    print(f'\nseed {given.seed}; the same again: make chaos-doors ARGS="--seed {given.seed}"')
    return 1 if found else 0


def _run(
    given: argparse.Namespace, database: Database, folder: Path
) -> tuple[Timeline, Outcome]:
    random = Random(given.seed)
    with World(folder, given.seed, database.url) as world:
        load = Load(
            world.front.address, given.seed, count=given.runs, seconds=given.seconds * 0.8
        )
        load.start()
        planned = plan(world, random, given.seconds, _long_outage(world, database))
        timeline = Timeline(planned, say=_say)
        timeline.play()
        load.join()
        deployed = settled(world, load.acknowledged, _say)
        world.stop()
        embedded = embedded_states(world)
        findings = judge(
            world.ledger(),
            {**deployed, **embedded},
            excused=world.excused,
            killed=world.killed_programs,
            left_behind=world.left_behind,
        )
        return timeline, Outcome(deployed=deployed, embedded=embedded, findings=tuple(findings))


def _long_outage(world: World, database: Database) -> Fault:
    if not database.url:
        return Outage(world, "state")
    return DatabaseAway(world, database)


def _say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def _folder(keep: str) -> Iterator[Path]:
    """All that is written; kept where it is asked for."""
    if keep:
        folder = Path(keep).absolute() / f"{time.time_ns()}"
        folder.mkdir(parents=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="penstock-chaos-") as name:
        yield Path(name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--seed", default=str(time.time_ns() % 1_000_000))
    parser.add_argument(
        "--seconds", type=float, default=180.0, help="of faults, for each store"
    )
    parser.add_argument("--runs", type=int, default=200, help="deployed runs for each store")
    parser.add_argument("--store", choices=STORES, nargs="+", default=list(STORES))
    parser.add_argument("--keep", default="", metavar="FOLDER", help="keep what is written")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
