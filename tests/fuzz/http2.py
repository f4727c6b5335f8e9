"""Raw frames of HTTP/2, as no client library would send them, and how a server answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from fuzz.hpack import field_block, read_fields

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RESET, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END_STREAM, END_HEADERS = 0x1, 0x4
# A frame that is left unfinished is waited for by the server, and by nobody here.
QUIET_SECONDS = 0.5
CONNECT_SECONDS = 5.0
ALLOWED = b"\x0a\x07default"  # a request whose field 1 says `default`

Fields = list[tuple[bytes, bytes]]

PATHS = (
    b"/\xff", b"", b"/", b"*", b"//", b"\xff\xfe", b"/\xc3\x28", b"/\0",
    b"/penstock.api.state.v1.FlowService/\xff",
    b"/penstock.api.state.v1.FlowService/Nothing", b"/penstock.api.state.v1.FlowService",
    b"/penstock.api.state.v1.FlowService/ListFlows/",
    b"penstock.api.state.v1.FlowService/ListFlows",
    b"/penstock.api.nobody.v1.Nothing/ListFlows", b"/" + b"a" * 8_000,
    b"/grpc.health.v1.Health/\xff\xff",
    b"/penstock.api.state.v1.FlowService/ListFlows?a=b", "/\u202e/é".encode(), b"/%ff/%00",
)  # fmt: skip
TIMEOUTS = (
    b"99999999H", b"0S", b"0n", b"1n", b"-1S", b"1", b"S", b"", b"1e9S", b"999999999S",
    b"1.5S", b"1Y", b"\xff",
    b"18446744073709551616S", b"00000001S",
)  # fmt: skip
HEADERS_ODD: Sequence[tuple[bytes, bytes]] = (
    (b"traceparent", b"\0\x01\x02"), (b"traceparent", b"\xff" * 55),
    (b"traceparent", b"00-" + b"0" * 15_000),
    (b"penstock-client", b"\x1b[2J"), (b"x-bin", b"!!!not base64"), (b"x-bin", b"AA,AA"),
    (b"authorization", b"\0"),
    (b"grpc-encoding", b"gzip"), (b"grpc-encoding", b"\xff"),
    (b"grpc-accept-encoding", b"x" * 300),
    (b"content-type", b"text/html"), (b"content-type", b"application/grpc+\xff"),
    (b"te", b"nothing"),
    (b"user-agent", b"\xff" * 200), (b"Upper-Case", b"x"), (b"", b"no name"), (b"\xff", b"x"),
    (b":odd", b"x"),
    (b"host", b"\xff"), (b"connection", b"upgrade"), (b"content-length", b"-1"),
    (b"grpc-status", b"0"),
    (b"grpc-tags-bin", b"\xff"), (b"grpc-trace-bin", b"AAAA"),
    (b"grpc-previous-rpc-attempts", b"-9"),
    (b"x", b"y" * 20_000), (b"cookie", b"\r\nx: y"),
)  # fmt: skip
BODIES = (
    b"", b"\0", b"\0\0\0\0\0", b"\0\xff\xff\xff\xff", b"\0\0\0\0\x09abc", b"\1\0\0\0\x03abc",
    b"\2\0\0\0\0",
    b"\xff" * 5, b"\0\0\0\0\0" * 2, b"\0\0\0\0\x02\x0a\xff", b"\0\0\0\0\0" * 500,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCall:
    """`keeps_rules` if gRPC's own parser has nothing to say against it."""

    what: str
    data: bytes
    keeps_rules: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """`status` is grpc-status, -1 if there is none."""

    status: int
    text: str


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    head = len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big")
    return head + payload


def raw_call(random: Random) -> RawCall:
    """Return the bytes of one connection."""
    make = random.choice((_odd_path, _odd_timeout, _odd_header, _odd_body, _odd_frames, _noise))
    return make(random)


async def send_raw(host: str, port: int, call: RawCall) -> RawAnswer:
    """Send all of it, and read until the stream ends, the connection does, or nothing comes."""
    async with asyncio.timeout(CONNECT_SECONDS):
        reader, writer = await asyncio.open_connection(host, port)
    received = b""
    try:
        writer.write(call.data)
        with suppress(TimeoutError, OSError):
            while not _has_ended(received):
                async with asyncio.timeout(QUIET_SECONDS):
                    part = await reader.read(65_536)
                if not part:
                    break
                received += part
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return _answer(received)


def _call(
    headers: Fields, body: bytes = b"\0\0\0\0" + bytes([len(ALLOWED)]) + ALLOWED
) -> bytes:
    start = PREFACE + frame(SETTINGS, 0, 0, b"") + _headers(headers)
    return start + frame(DATA, END_STREAM, 1, body)


def _headers(headers: Fields) -> bytes:
    """The server takes 16 KiB in a frame; what is longer goes on in the next one."""
    block = field_block(headers)
    parts = [block[at : at + 16_384] for at in range(0, len(block), 16_384)] or [b""]
    kinds = [HEADERS, *[CONTINUATION] * (len(parts) - 1)]
    flags = [*[0] * (len(parts) - 1), END_HEADERS]
    return b"".join(
        frame(kind, flag, 1, part) for kind, flag, part in zip(kinds, flags, parts, strict=True)
    )


def _usual(**changed: bytes) -> Fields:
    fields = {
        "method": b"POST",
        "scheme": b"http",
        "path": b"/penstock.api.state.v1.FlowService/ListFlows",
        "authority": b"localhost",
    } | changed
    pseudo = [(f":{name}".encode(), value) for name, value in fields.items()]
    rest = [
        (b"te", b"trailers"),
        (b"content-type", b"application/grpc"),
        (b"grpc-timeout", b"5S"),
    ]
    return [*pseudo, *rest]


def _odd_path(random: Random) -> RawCall:
    path = random.choice(PATHS)
    name = random.choice(("path", "path", "path", "path", "method", "scheme", "authority"))
    call = _call(_usual(**{name: path}))
    # grpc.aio ends at a path that is no UTF-8: who sent it hears that its call was cancelled.
    legal = name == "path" and path == path.decode(errors="ignore").encode()
    return RawCall(what=f":{name} {path[:60]!r}", data=call, keeps_rules=legal)


def _odd_timeout(random: Random) -> RawCall:
    value = random.choice(TIMEOUTS)
    headers = [*_usual()[:-1], (b"grpc-timeout", value)]
    legal = re.fullmatch(rb"\d{1,8}[HMSmun]", value) is not None
    return RawCall(what=f"grpc-timeout {value!r}", data=_call(headers), keeps_rules=legal)


def _odd_header(random: Random) -> RawCall:
    odd = random.sample(HEADERS_ODD, random.choice((1, 1, 2)))
    what = ", ".join(f"{name!r}: {value[:30]!r}" for name, value in odd)
    return RawCall(what=what, data=_call([*_usual(), *odd]), keeps_rules=False)


def _odd_body(random: Random) -> RawCall:
    """Compressed, cut, twice or not at all."""
    body = random.choice(BODIES)
    data = _call(_usual(), body[:16_000])
    return RawCall(what=f"body {body[:12]!r}", data=data, keeps_rules=False)


def _odd_frames(random: Random) -> RawCall:
    begun = PREFACE + frame(SETTINGS, 0, 0, b"")
    frames = {
        "no preface": frame(SETTINGS, 0, 0, b""),
        "HTTP/1.1": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "nothing after the preface": begun,
        "settings of odd length": PREFACE + frame(SETTINGS, 0, 0, b"abc"),
        "a window of 0": begun + frame(WINDOW, 0, 0, bytes(4)),
        "a window over 2^31": begun + frame(WINDOW, 0, 0, b"\x7f\xff\xff\xff") * 3,
        "data without a call": begun + frame(DATA, END_STREAM, 1, b"x"),
        "continuation alone": begun + frame(CONTINUATION, END_HEADERS, 1, b""),
        "a bad index": begun + frame(HEADERS, 5, 1, b"\xff\xff\xff\xff\x0f"),
        "headers cut short": begun + _headers(_usual())[:40],
        "headers without an end": begun + frame(HEADERS, 0, 1, field_block(_usual())),
        "an even stream": begun + frame(HEADERS, 5, 2, field_block(_usual())),
        "stream 0": begun + frame(HEADERS, 5, 0, field_block(_usual())),
        "it depends on itself": begun + frame(PRIORITY, 0, 1, b"\0\0\0\1\0"),
        "a push": begun + frame(PUSH, END_HEADERS, 1, bytes(4)),
        "a huge frame": begun + b"\xff\xff\xff\0\0\0\0\0\1",
        "an unknown frame": _call(_usual()) + frame(200, 255, 1, b"x" * 100),
        "no message": begun + frame(HEADERS, 5, 1, field_block(_usual())),
        "resets": begun + (_headers(_usual()) + frame(RESET, 0, 1, bytes(4))) * 50,
        "pings": begun + frame(PING, 0, 0, bytes(8)) * 200,
        "goaway": begun + frame(GOAWAY, 0, 0, bytes(8)) + _headers(_usual()),
    }  # fmt: skip
    what = random.choice(list(frames))
    return RawCall(what=what, data=frames[what], keeps_rules=False)


def _noise(random: Random) -> RawCall:
    data = PREFACE * random.randrange(2) + random.randbytes(random.choice((1, 50, 5_000)))
    return RawCall(what=f"{len(data)} random bytes", data=data, keeps_rules=False)


def _frames(data: bytes) -> list[tuple[int, int, bytes]]:
    found = []
    while len(data) >= 9:
        size = int.from_bytes(data[:3], "big")
        if len(data) < 9 + size:
            break
        found.append((data[3], data[4], data[9 : 9 + size]))
        data = data[9 + size :]
    return found


def _has_ended(received: bytes) -> bool:
    return any(
        kind in (RESET, GOAWAY) or (kind in (HEADERS, DATA) and flags & END_STREAM)
        for kind, flags, _ in _frames(received)
    )


def _answer(received: bytes) -> RawAnswer:
    frames = _frames(received)
    blocks = [payload for kind, _, payload in frames if kind in (HEADERS, CONTINUATION)]
    fields = read_fields(blocks)
    status = fields.get("grpc-status", "")
    if status.isdecimal():
        return RawAnswer(status=int(status), text=fields.get("grpc-message", ""))
    if ":status" in fields and fields[":status"] != "200":
        return RawAnswer(status=-1, text=f"HTTP {fields[':status']}")
    for kind, name in ((RESET, "reset"), (GOAWAY, "goaway")):
        if any(each == kind for each, _, _ in frames):
            return RawAnswer(status=-1, text=name)
    return RawAnswer(status=-1, text="silence")
