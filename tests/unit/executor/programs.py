"""What children of the tests do: each program as lines of Python, and as a coroutine.

The lines run in a process, the coroutine as a task of this event loop.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from penstockd.executor.rules.work import Work
from unit.executor.task_runtime import TaskChild


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    script: str
    body: Callable[[TaskChild], Awaitable[int]]


def says(text: str, *, code: int = 0) -> Program:
    async def body(child: TaskChild) -> int:
        await child.say(text)
        return code

    return Program(script=f"print({text!r}); sys.exit({code})", body=body)


def writes(lines: int) -> Program:
    async def body(child: TaskChild) -> int:
        for number in range(lines):
            await child.say(f"{number:05}")
        return 0

    return Program(script=f'for n in range({lines}): print(f"{{n:05}}")', body=body)


def says_whether_it_got(work: Work) -> Program:
    async def body(child: TaskChild) -> int:
        await child.say(str(child.job.work == work))
        return 0

    return Program(script=f'print(b"{work.flow_run_id}" in job)', body=body)


async def _writes_to_both(child: TaskChild) -> int:
    await child.say("to stdout")
    await child.say("to stderr", to="stderr")
    return 3


async def _sleeps(child: TaskChild) -> int:
    await child.say("up")
    await asyncio.Event().wait()
    return 0


async def _is_deaf(child: TaskChild) -> int:
    child.on_terminate = lambda: child.hint("no")
    return await _sleeps(child)


async def _obeys(child: TaskChild) -> int:
    await child.say("up")
    await child.say((await child.orders.get()).message)
    return 0


WRITES_TO_BOTH = Program(
    script='print("to stdout"); print("to stderr", file=sys.stderr); sys.exit(3)',
    body=_writes_to_both,
)
SLEEPS = Program(script='print("up"); time.sleep(600)', body=_sleeps)
DEAF = Program(
    script="""
signal.signal(signal.SIGTERM, lambda *_: print("no"))
print("up")
while True:
    time.sleep(600)
""",
    body=_is_deaf,
)
# The reason is the only text in the order.
OBEYS = Program(
    script="""
print("up")
print("".join(re.findall("[a-z]{2,}", message().decode(errors="replace"))))
""",
    body=_obeys,
)
