"""The bytes that no library writes are what they are meant to be, and answers are read."""

import asyncio
from random import Random

import pytest

from fuzz.hpack import field_block, read_fields
from fuzz.http2 import HEADERS, PREFACE, frame, raw_call, send_raw
from fuzz.tokens import forged

# `:status: 200` from the static table, `grpc-status: 13` with an index, then by this index.
ANSWER = b"\x88" + b"\x40\x0bgrpc-status\x0213" + b"\xbe"


def test_headers_are_spelt_out_and_read_again() -> None:
    fields = {b":path": b"/a", b"grpc-status": b"3", b"long": b"x" * 20_000}
    read = read_fields([field_block(fields.items())])
    assert read == {key.decode(): value.decode() for key, value in fields.items()}


def test_an_answer_is_read_with_its_tables() -> None:
    assert read_fields([ANSWER]) == {":status": "200", "grpc-status": "13"}
    assert read_fields([ANSWER[:-1], b"\xbe"])["grpc-status"] == "13"


def test_raw_calls_are_of_all_sorts() -> None:
    calls = [raw_call(Random(number)) for number in range(600)]
    said = " ".join(each.what for each in calls)
    for word in (r"/\xff", "99999999H", "no message", "traceparent", "random bytes"):
        assert word in said
    assert {each.keeps_rules for each in calls} == {True, False}
    assert raw_call(Random(3)) == raw_call(Random(3))


@pytest.mark.asyncio
async def test_a_status_comes_back_from_a_socket() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(3) == PREFACE[:3]
        writer.write(frame(HEADERS, 5, 1, ANSWER))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    call = next(
        each for each in map(raw_call, map(Random, range(99))) if each.data.startswith(PREFACE)
    )
    async with server:
        assert (await send_raw("127.0.0.1", port, call)).status == 13


def test_a_forged_token_is_mostly_another_one() -> None:
    token = "AAECAwQFBgcIMTIz"
    made = [forged(token, Random(number)) for number in range(300)]
    assert made.count(token) < 10
    assert len(set(made)) > 100
    kept = [each for each in made if each.startswith(token[:10]) and each != token]
    assert len(kept) > 20
