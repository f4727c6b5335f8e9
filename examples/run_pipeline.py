"""Runs the pipeline three times, and shows what the store says of each run afterwards."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

PIPELINE = f"{Path(__file__).with_name('pipeline.py')}:pipeline"
PENSTOCK = [sys.executable, "-m", "penstock.cli"]
CASES: list[tuple[str, str, list[str]]] = [
    ("good contents", "hello world", []),
    ("bad contents", "hello", []),
    ("a flaky first attempt, then bad contents", "hello", ["--", "--flaky"]),
]


def ask(*arguments: str) -> Any:
    command = [*PENSTOCK, *arguments, "-o", "json"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


with tempfile.TemporaryDirectory() as folder:
    for title, contents, flags in CASES:
        print(f"\n== {title}", flush=True)
        parameter = f"contents={json.dumps(contents)}"
        command = [*PENSTOCK, "run", PIPELINE, "--param", parameter, *flags]
        subprocess.run(command, check=False, cwd=folder)
        left = Path(folder, "side-effect.txt")
        print("side-effect.txt", "stays" if left.exists() else "is gone")
        left.unlink(missing_ok=True)

print("\n== what the store says")
newest = ask("flow-run", "ls", "--limit", "3")
for (title, *_), row in zip(CASES, reversed(newest), strict=True):
    run = ask("flow-run", "inspect", row["id"])
    undone = [
        each["name"] for each in run["task_runs"] if each["state"]["name"] == "RolledBack"
    ]
    print(
        f"{title}: {run['state']['state_type']}, rolled back: {', '.join(undone) or 'nothing'}"
    )
