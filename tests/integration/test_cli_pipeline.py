"""The example, three times, as `make run` runs it; the store says how each run ended."""

import subprocess
import sys
from pathlib import Path

from hanging import HANG_LIMIT
from integration.system import ROOT, clean_environment

EXPECTED = """\
good contents: COMPLETED, rolled back: nothing
bad contents: FAILED, rolled back: write_file-0
a flaky first attempt, then bad contents: FAILED, rolled back: write_file-0
"""


def test_the_example_ends_as_the_store_says(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "run_pipeline.py")],
        env=clean_environment(PENSTOCK_HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=HANG_LIMIT,
        check=True,
    )
    assert ended.stdout.partition("== what the store says\n")[2] == EXPECTED
    assert ended.stdout.count("side-effect.txt stays") == 1
    assert ended.stdout.count("side-effect.txt is gone") == 2
