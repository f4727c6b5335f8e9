"""`python -m tests.fuzz`: generated requests for every RPC, and what may never be answered."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from fixtures_postgres import Cluster  # noqa: E402 - the path must be set first
from fuzz import report  # noqa: E402
from fuzz.contract import Contract, load_contract  # noqa: E402
from fuzz.keeping import Kept, from_text  # noqa: E402
from fuzz.requests import Requests  # noqa: E402
from fuzz.run import Limits, Result, Run  # noqa: E402
from fuzz.systems import ROUTES, STORES, System, Way, databases, new_database  # noqa: E402
from fuzz.values import FieldValues  # noqa: E402

KEPT = ROOT / ".cache" / "fuzz"
COUNT = 20_000


def main(arguments: Sequence[str]) -> int:
    given = _parser().parse_args(arguments)
    contract = load_contract()
    if given.send:
        return _send(from_text(Path(given.send).read_text(), contract), contract)
    ways = [Way(store=store, route=route) for store in given.store for route in given.route]
    print(f"seed {given.seed}: {', '.join(map(str, ways))}", flush=True)
    count = given.count or COUNT // len(ways)
    limits = Limits(count=count, seconds=given.seconds / len(ways))
    results = _runs(ways, given.seed, contract, limits)
    print("\n".join(report.counts(results)))
    found = list(report.findings(results, given.seed, KEPT))
    print("\n".join(["", *found]) if found else "no fault")
    print(f'\nseed {given.seed}; the same again: make fuzz ARGS="--seed {given.seed}"')
    return 1 if found else 0


def _runs(
    ways: Sequence[Way], seed: str, contract: Contract, limits: Limits
) -> Sequence[Result]:
    values = FieldValues(contract)
    results = []
    with (
        tempfile.TemporaryDirectory(prefix="penstock-fuzz-") as folder,
        databases([each.store for each in ways]) as cluster,
    ):
        for way in ways:
            requests = Requests(f"{seed} {way}", contract, values)
            run = Run(way, _system(way, Path(folder), cluster), requests)
            try:
                asyncio.run(run.until(limits))
            finally:
                results.append(run.end())
    return results


def _system(way: Way, folder: Path, cluster: Cluster | None) -> System:
    return System(way, folder / f"{way.store}-{way.route}", new_database(cluster, way))


def _send(kept: Kept, contract: Contract) -> int:
    """Send one request that was kept, to a server of its own."""
    requests = Requests(kept.seed, contract, FieldValues(contract))
    with (
        tempfile.TemporaryDirectory(prefix="penstock-fuzz-") as folder,
        databases([kept.way.store]) as cluster,
    ):
        run = Run(kept.way, _system(kept.way, Path(folder), cluster), requests)
        try:
            answer = asyncio.run(run.only(kept.request))
        finally:
            result = run.end()
    print(f"{kept.request.target}: {answer.code} {answer.reason} {answer.text}")
    for seen in result.seen:
        print(f"{seen.fault.kind}  {seen.fault.target}  {seen.fault.text}")
    return 1 if result.seen else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--seed", default=str(time.time_ns() % 1_000_000))
    parser.add_argument("--count", type=int, default=0, help="requests of each way")
    parser.add_argument("--seconds", type=float, default=86_400.0, help="for all ways together")
    parser.add_argument("--store", choices=STORES, nargs="+", default=STORES)
    parser.add_argument("--route", choices=ROUTES, nargs="+", default=ROUTES)
    parser.add_argument("--send", default="", metavar="FILE", help="a request that was kept")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
