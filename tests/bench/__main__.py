"""`python -m tests.bench [w1 w3 w6 w10 ends]`: workloads beside a reference of the same run."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from bench import ends, references, services, workloads  # noqa: E402 - the path must be set first
from bench.figures import Row, table  # noqa: E402

BENCHES: Mapping[str, Callable[[Path], list[Row]]] = {
    "bare": references.measure,
    "w1": workloads.w1,
    "w3": workloads.w3,
    "w6": services.w6,
    "w10": workloads.w10,
    "ends": ends.ends,
}


def main(names: list[str]) -> int:
    chosen = [each.lower() for each in names] or list(BENCHES)
    if unknown := sorted(set(chosen) - set(BENCHES)):
        print(f"no workload {', '.join(unknown)}: there are {', '.join(BENCHES)}")
        return 64
    load = ", ".join(f"{each:.2f}" for each in os.getloadavg())
    print(f"{os.cpu_count()} cores, load average {load}, Python {sys.version.split()[0]}")
    for name in dict.fromkeys(["bare", *chosen]):
        with tempfile.TemporaryDirectory(prefix="penstock-bench-") as folder:
            print(table(name, BENCHES[name](Path(folder))), flush=True)
    print(f"load average {', '.join(f'{each:.2f}' for each in os.getloadavg())} at the end")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
