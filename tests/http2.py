"""HTTP/2 by hand, for calls that no gRPC library would make."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS = 0, 1, 4
END_STREAM, END_HEADERS = 1, 4
EMPTY_MESSAGE = b"\0\0\0\0\0"
LONGEST_ANSWER = 30


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    head = len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4)
    return head + payload


def headers(pairs: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return a header block without compression; each part is shorter than 127 bytes."""
    return b"".join(
        b"\0" + b"".join(bytes([len(part)]) + part for part in pair) for pair in pairs
    )


def a_call(path: bytes, *further: tuple[bytes, bytes], body: bytes = EMPTY_MESSAGE) -> bytes:
    """Return a connection's whole first call."""
    block = headers(
        [
            (b":method", b"POST"),
            (b":scheme", b"http"),
            (b":path", path),
            (b":authority", b"localhost"),
            (b"content-type", b"application/grpc"),
            (b"te", b"trailers"),
            *further,
        ]
    )
    return (
        PREFACE
        + frame(SETTINGS, 0, 0, b"")
        + frame(HEADERS, END_HEADERS, 1, block)
        + frame(DATA, END_STREAM, 1, body)
    )


async def send(address: str, data: bytes, *, until: bytes | None = None) -> bytes:
    """Send it, and return what comes until the other end closes, or has sent `until`."""
    host, _, port = address.rpartition(":")
    if host == "unix":
        reader, writer = await asyncio.open_unix_connection(port)
    else:
        reader, writer = await asyncio.open_connection(host, int(port))
    answer = b""
    try:
        writer.write(data)
        async with asyncio.timeout(LONGEST_ANSWER):
            while (until is None or until not in answer) and (part := await reader.read(4096)):
                answer += part
    finally:
        writer.close()
    return answer
