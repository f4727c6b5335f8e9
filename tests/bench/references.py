"""What this machine can do at best, without anything of ours."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import grpc

from bench.figures import Row, Timing

COMMITS = 300
CALLS = 500
CLIENTS = 16
ROUNDS = 3


def measure(folder: Path) -> list[Row]:
    return [
        Row(
            what=f"{COMMITS} one-row commits, SQLite WAL synchronous=FULL",
            timings=_repeated(lambda: _commits(folder / "bare.db")),
            count=COMMITS,
        ),
        Row(
            what=f"{CALLS} bare unary echoes, one client, grpc.aio on a socket",
            timings=[asyncio.run(_echoes()) for _ in range(ROUNDS)],
            count=CALLS,
        ),
        Row(
            what=f"{CALLS} bare unary echoes, {CLIENTS} clients",
            timings=[asyncio.run(_echoes(CLIENTS)) for _ in range(ROUNDS)],
            count=CALLS,
        ),
    ]


def clocked(work: Callable[[], object]) -> Timing:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timing(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def _repeated(work: Callable[[], object]) -> list[Timing]:
    work()
    return [clocked(work) for _ in range(ROUNDS)]


def _commits(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, text TEXT)"
        )
        for _ in range(COMMITS):
            connection.execute("INSERT INTO bare (text) VALUES ('x')")


async def _echoes(clients: int = 1) -> Timing:
    async def echo(request: bytes, _context: Any) -> bytes:
        return request

    server = grpc.aio.server()
    handlers: Any = {"Echo": grpc.unary_unary_rpc_method_handler(echo)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bare", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        call: Any = channel.unary_unary("/bare/Echo")
        await call(b"x")
        wall, cpu = time.perf_counter(), time.process_time()

        async def one() -> None:
            for _ in range(CALLS // clients):
                await call(b"x")

        await asyncio.gather(*(one() for _ in range(clients)))
        spent = Timing(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)
    await server.stop(None)
    return spent
