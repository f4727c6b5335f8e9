"""What programs do with their threads and processes, and what becomes of their runs."""

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
