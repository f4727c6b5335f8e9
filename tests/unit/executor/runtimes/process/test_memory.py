"""What the kernel counts of processes that it killed for lack of memory."""

from pathlib import Path

import pytest

from penstockd.executor.runtimes.process.memory import (
    MemoryKills,
    lack_of_memory,
    memory_kills,
)

UNIFIED = "0::/jobs/nightly\n"
SPLIT = "5:cpu:/\n4:hugetlb,memory:/jobs\n0::/\n"
GROUP, MACHINE = "its control group", "this machine"


@pytest.mark.parametrize(
    ("files", "kills"),
    [
        ({"sys/fs/cgroup/jobs/nightly/memory.events": "oom 9\noom_kill 3\n"}, (3, GROUP)),
        ({"sys/fs/cgroup/memory.events": "oom_kill 4\n"}, (4, GROUP)),
        ({"proc/vmstat": "pgfault 7\noom_kill 5\n"}, (5, MACHINE)),
        ({"sys/fs/cgroup/memory.events": "oom 1\n", "proc/vmstat": "oom_kill 6"}, (6, MACHINE)),
        ({"sys/fs/cgroup/memory.events": "oom_kill many\n"}, None),
        ({}, None),
    ],
)
def test_kills_are_counted_in_the_nearest_group_that_counts(
    tmp_path: Path, files: dict[str, str], kills: tuple[int, str] | None
) -> None:
    write(tmp_path, {"proc/self/cgroup": UNIFIED, **files})
    assert memory_kills(tmp_path) == (kills and MemoryKills(count=kills[0], among=kills[1]))


@pytest.mark.parametrize("folder", ["memory/jobs", "memory"])
def test_older_kernels_count_by_controller(tmp_path: Path, folder: str) -> None:
    counted = {f"sys/fs/cgroup/{folder}/memory.oom_control": "under_oom 0\noom_kill 2\n"}
    write(tmp_path, {"proc/self/cgroup": SPLIT, **counted})
    assert memory_kills(tmp_path) == MemoryKills(count=2, among=GROUP)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((1, GROUP), (2, GROUP), "memory ran out: the kernel killed 1 process of its control"),
        ((1, MACHINE), (3, MACHINE), "memory ran out: the kernel killed 2 processes of this"),
        ((1, GROUP), (1, GROUP), "memory may have run out"),
        ((1, GROUP), (9, MACHINE), "memory may have run out"),
        (None, (9, GROUP), "memory may have run out"),
        ((1, GROUP), None, "memory may have run out"),
    ],
)
def test_a_count_that_grew_is_evidence(
    before: tuple[int, str] | None, after: tuple[int, str] | None, said: str
) -> None:
    counts = (it and MemoryKills(count=it[0], among=it[1]) for it in (before, after))
    assert lack_of_memory(*counts).startswith(said)


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
