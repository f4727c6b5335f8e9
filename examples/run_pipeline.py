"""Runs the pipeline three times, and shows what the store says of each run afterwards."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

PIPELINE = f"{Path(__file__).with_name('pipeline.py')}:pipeline"
CASES = (
    ("good contents", "hello world", []),
    ("bad contents", "hello", []),
    ("a flaky first attempt, then bad contents", "hello", ["--", "--flaky"]),
)


def penstock(*arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "penstock.cli", *arguments]
    return subprocess.run(command, text=True, **options)


def answer(*arguments: str):
    return json.loads(penstock(*arguments, "-o", "json", check=True, stdout=-1).stdout)


with tempfile.TemporaryDirectory() as folder:
    for title, contents, flags in CASES:
        print(f"\n== {title}", flush=True)
        parameter = f"contents={json.dumps(contents)}"
        penstock("run", PIPELINE, "--param", parameter, *flags, cwd=folder)
        left = Path(folder, "side-effect.txt")
        print("side-effect.txt", "stays" if left.exists() else "is gone")
        left.unlink(missing_ok=True)

print("\n== what the store says")
for (title, *_), row in zip(CASES, reversed(answer("flow-run", "ls", "--limit", "3")), strict=True):
    run = answer("flow-run", "inspect", row["id"])
    tasks = {each["name"]: each["state"]["name"] or each["state"]["type"] for each in run["task_runs"]}
    undone = [name for name, state in tasks.items() if state == "RolledBack"]
    print(f"{title}: {run['state']['type']}, rolled back: {', '.join(undone) or 'nothing'}")
