"""One run: requests in batches against one server, and what is seen of it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from fuzz.http2 import raw_call
from fuzz.judging import (
    Fault,
    faults_in,
    faults_in_log,
    faults_in_memory,
    faults_in_raw,
)
from fuzz.requests import Request, Requests
from fuzz.sending import Answer, Health, Sender
from fuzz.systems import DidNotStart, System, Way
from penstock.errors import NotSupportedYet

AT_ONCE = 16
# What those hear who asked a server that went away.
FOLLOWING = frozenset({"UNAVAILABLE", "CANCELLED", "UNKNOWN", "HANG"})
# What those hear whose connection was closed: one bad call has the server listen anew.
INTERRUPTED = frozenset({"UNAVAILABLE", "CANCELLED"})
# What those hear who asked a server that was held up.
LATE = frozenset({"UNAVAILABLE", "HANG"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A run ends at whichever comes first."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A fault, and the request that was answered so; or all that were under way."""

    fault: Fault
    way: Way
    requests: Sequence[Request]


@dataclass(slots=True, kw_only=True)
class Result:
    way: Way
    sent: int = 0
    seconds: float = 0.0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: list[Seen] = field(default_factory=list)
    memory: dict[str, int] = field(default_factory=dict)
    """The most bytes that each process had."""

    def add(self, faults: Iterable[Fault], requests: Sequence[Request]) -> None:
        self.seen += (Seen(fault=each, way=self.way, requests=requests) for each in faults)


class Run:
    """Sends until the limits are reached, and restarts the server if it is gone."""

    def __init__(self, way: Way, system: System, requests: Requests) -> None:
        self._system = system
        self._requests = requests
        self._result = Result(way=way)
        self._at_first: dict[str, int] = {}

    async def until(self, limits: Limits) -> Result:
        """Start the server and send; one that does not start is a fault."""
        try:
            self._start()
            await self._send_all(limits)
        except DidNotStart as error:
            fault = Fault(kind="START", target="the server", text=str(error))
            self._result.add([fault], ())
        return self._result

    async def only(self, request: Request) -> Answer:
        """Start the server, and send this request alone."""
        self._start()
        async with Sender(self._system.address) as sender:
            answer, faults = await self._answer(sender, request)
            self._result.add(faults, (request,))
            self._look_after((request,))
        return answer

    def end(self) -> Result:
        """Stop the server, which must end in good order."""
        code = self._system.stop()
        faults = list(faults_in_log(self._system.new_log()))
        if code != 0 and self._system.has_started:
            text = "had to be killed" if code is None else f"ended with exit code {code}"
            faults.append(Fault(kind="END", target="the server", text=text))
        self._result.add(faults, ())
        return self._result

    def _start(self) -> None:
        self._system.start()
        self._at_first = dict(self._system.memory())

    async def _send_all(self, limits: Limits) -> None:
        began = time.monotonic()
        async with Sender(self._system.address) as sender:
            for numbers in _batches(limits.count):
                batch = [self._requests.make(number) for number in numbers]
                await self._send(sender, batch)
                self._look_after(batch)
                self._result.sent += len(batch)
                self._result.seconds = time.monotonic() - began
                if self._result.seconds > limits.seconds:
                    break

    async def _send(self, sender: Sender, batch: Sequence[Request]) -> None:
        judged = await asyncio.gather(*(self._answer(sender, each) for each in batch))
        faulty = []
        # In the order in which they were made, so that the next ones are made alike.
        for request, (answer, faults) in zip(batch, judged, strict=True):
            self._result.counts[request.target, answer.code] += 1
            faulty += [(request, each) for each in faults]
            self._learn(request, answer)
        await self._blame(sender, batch, faulty)

    async def _blame(
        self,
        sender: Sender,
        batch: Sequence[Request],
        faulty: Sequence[tuple[Request, Fault]],
    ) -> None:
        """Say of a server that is gone or late once, and not of all who asked it meanwhile."""
        gone = await sender.health()
        if gone is Health.GONE:
            raw = [each for each in batch if each.rpc is None]
            fault = Fault(kind="DEAD", target="the server", text=gone.value)
            self._result.add([fault], raw or batch)
            await self._restart(sender)
            faulty = [each for each in faulty if each[1].kind not in FOLLOWING]
        if any(each.rpc is None for each in batch):
            faulty = [it for it in faulty if not await self._was_interrupted(sender, *it)]
        for request, fault in faulty:
            if fault.kind not in LATE:
                self._result.add([fault], (request,))
        late = [request for request, fault in faulty if fault.kind in LATE]
        if late or gone is Health.BUSY:
            await self._blame_for_delay(sender, late, batch)

    async def _was_interrupted(self, sender: Sender, request: Request, fault: Fault) -> bool:
        """Call again, as every client does whose connection was closed."""
        if fault.kind not in INTERRUPTED:
            return False
        _, faults = await self._answer(sender, request)
        return not any(each.kind in INTERRUPTED for each in faults)

    async def _blame_for_delay(
        self, sender: Sender, late: Sequence[Request], batch: Sequence[Request]
    ) -> None:
        """Ask again, first alone, then together: a busy machine is nobody's fault."""
        # A service behind the front may still be busy. The largest request is the likeliest.
        await self._restart(sender)
        for request in sorted(late, key=lambda each: len(each.data), reverse=True):
            _, faults = await self._answer(sender, request)
            if again := [each for each in faults if each.kind in LATE]:
                self._result.add(again, (request,))
                await self._restart(sender)
                return
        judged = await asyncio.gather(*(self._answer(sender, each) for each in batch))
        if any(each.kind in LATE for _, faults in judged for each in faults):
            text = "no answer in time to what is answered in time alone"
            fault = Fault(kind="HANG", target="the server", text=text)
            self._result.add([fault], batch)
            await self._restart(sender)

    async def _restart(self, sender: Sender) -> None:
        self._system.kill()
        self._start()
        await sender.reconnect()

    async def _answer(self, sender: Sender, request: Request) -> tuple[Answer, Sequence[Fault]]:
        if request.rpc is not None:
            answer = await sender.send(request)
            return answer, list(faults_in(request, answer))
        call = raw_call(self._requests.random(request.number))
        answer = await sender.send_raw(call)
        return answer, list(faults_in_raw(request, answer, keeps_rules=call.keeps_rules))

    def _look_after(self, batch: Sequence[Request]) -> None:
        self._result.add(faults_in_log(self._system.new_log()), batch)
        memory = self._system.memory()
        for service, held in memory.items():
            self._result.memory[service] = max(held, self._result.memory.get(service, 0))
        self._result.add(faults_in_memory(self._at_first, memory), batch)

    def _learn(self, request: Request, answer: Answer) -> None:
        if request.rpc is None:
            return
        if answer.reason == NotSupportedYet.reason and answer.field:
            self._requests.facts.leave_out(request.rpc, answer.field)
        if not answer.replies:
            return
        asked = _read(request.data, GetMessageClass(request.rpc.request))
        told = _read(answer.replies[0], GetMessageClass(request.rpc.response))
        if asked is not None and told is not None:
            self._requests.facts.add(request.rpc, asked, told)


def _batches(count: int) -> Iterator[range]:
    for start in range(0, count, AT_ONCE):
        yield range(start, min(start + AT_ONCE, count))


def _read(data: bytes, kind: type[Message]) -> Message | None:
    try:
        return kind.FromString(data)
    except DecodeError:
        return None
