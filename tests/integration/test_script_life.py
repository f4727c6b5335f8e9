"""What programs do with their threads and processes, and what becomes of their runs."""

import json

import pytest

from fixtures_scripts import Scripts

COUNTING = """
from penstock import flow, task
@task
def same(i):
    return i
@flow
def counting():
    return [same(1), same.submit(2).result(), *same.map(range(3, 5)).result()]
"""
LATE = {
    "in a thread": """
import threading
def late():
    threading.main_thread().join()
    print(counting())
threading.Thread(target=late).start()
""",
    "in a thread, after another run": """
import threading
counting()
def late():
    threading.main_thread().join()
    print(counting(), len("x" * len(large())))
@flow
def large():
    return "x" * 1_000_000
threading.Thread(target=late).start()
""",
    "in a thread, on a loop": """
import asyncio, threading
@flow
async def waiting():
    return counting()
def late():
    threading.main_thread().join()
    print(asyncio.run(waiting()))
threading.Thread(target=late).start()
""",
}

LAST = """
def last():
    import threading
    print(counting(), [each.name for each in threading.enumerate() if each.name[-4:] == "loop"])
"""
# The run's last line may be on its way still, unless all is closed when the run is over.
AT_EXIT = {
    "after the import": f"""
import atexit
{COUNTING}{LAST}
atexit.register(last)
""",
    "before the import": f"""
import atexit
atexit.register(lambda: last())
{COUNTING}{LAST}
""",
    "after another run": f"""
import atexit
{COUNTING}{LAST}
atexit.register(last)
counting()
""",
    "with the import in it": f"""
import atexit
@atexit.register
def importing():
    exec({COUNTING + LAST!r}, globals())
    last()
""",
}


@pytest.mark.parametrize("when", LATE)
def test_a_flow_may_begin_after_the_main_thread_has_ended(scripts: Scripts, when: str) -> None:
    done = scripts.run(f"{COUNTING}{LATE[when]}")
    assert done.stdout.startswith("[1, 2, 3, 4]"), done.stderr
    assert "Traceback" not in done.stderr
    assert "Completed" in scripts.log()


@pytest.mark.parametrize("when", AT_EXIT)
def test_an_exit_handler_may_run_a_flow(scripts: Scripts, when: str) -> None:
    done = scripts.run(AT_EXIT[when])
    assert done.stdout == "[1, 2, 3, 4] []\n", done.stderr
    assert "Traceback" not in done.stderr
    assert "Completed" in scripts.log()


THREADS = """
import asyncio, contextvars, threading
from concurrent.futures import ThreadPoolExecutor
"""
OUTSIDE = {
    "in a pool": """
@flow
def calling():
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(same, range(3)))
calling()
""",
    "in a thread": """
@flow
def calling():
    for n in range(3):
        (thread := threading.Thread(target=same, args=(n,))).start()
        thread.join()
calling()
""",
    "in the pool of a loop": """
@flow
async def calling():
    loop = asyncio.get_running_loop()
    return [await loop.run_in_executor(None, same, n) for n in range(3)]
asyncio.run(calling())
""",
    "in a pool, below a subflow": """
@flow
def pooled():
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(same, range(3)))
@flow
def calling():
    return pooled()
print(calling())
""",
}
KNOWN = {
    "with the context": """
@flow
def calling():
    with ThreadPoolExecutor(2) as pool:
        for n in range(3):
            pool.submit(contextvars.copy_context().run, same, n)
calling()
""",
    "by the loop": """
@flow
async def calling():
    return [await asyncio.to_thread(same, n) for n in range(3)]
asyncio.run(calling())
""",
}


@pytest.mark.parametrize("where", OUTSIDE)
def test_a_thread_that_knows_of_no_run_is_told_of_once(scripts: Scripts, where: str) -> None:
    done = scripts.run(f"{THREADS}{COUNTING}{OUTSIDE[where]}")
    assert done.stderr.count("same is not recorded: thread ") == 1
    root = scripts.penstock("flow-run", "ls", "--flow", "calling", "--limit", "1", "-o", "json")
    log = scripts.penstock("flow-run", "logs", json.loads(root)[0]["id"])
    assert log.count("same is not recorded: thread ") == 1


@pytest.mark.parametrize("where", KNOWN)
def test_a_thread_that_has_the_context_is_recorded(scripts: Scripts, where: str) -> None:
    done = scripts.run(f"{THREADS}{COUNTING}{KNOWN[where]}")
    assert "not recorded" not in done.stderr
    assert "Completed (3 tasks, " in scripts.log()


def test_a_thread_beside_no_run_is_not_told_of(scripts: Scripts) -> None:
    done = scripts.run(
        f"{THREADS}{COUNTING}\ncounting()\n"
        "with ThreadPoolExecutor(2) as pool:\n    print(list(pool.map(same, range(3))))\n"
    )
    assert done.stdout == "[0, 1, 2]\n"
    assert "not recorded" not in done.stderr


@pytest.mark.parametrize(
    ("tags", "calls"),
    [
        ('[f"{n:03d}" + "\\N{PARTY POPPER}" * 190 for n in range(100)]', 120),
        ('["x" * 200]', 3_000),
    ],
)
def test_many_tags_on_many_tasks_are_recorded(scripts: Scripts, tags: str, calls: int) -> None:
    done = scripts.run(
        f"""
        from penstock import flow, tags, task
        @task
        def same(x):
            return x
        @flow
        def adding():
            return sum(same.map(range({calls})).result())
        with tags(*{tags}):
            print(adding())
        """
    )
    assert done.stdout == f"{calls * (calls - 1) // 2}\n"
    assert f"Completed ({calls} tasks, " in scripts.log()
