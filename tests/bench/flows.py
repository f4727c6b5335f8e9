"""The workloads as programs: each prints one JSON object of what it measured itself."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from penstock import flow, task


@task
def nothing(number: int) -> int:
    return number


@task
def fibo(number: int) -> int:
    return bare_fibo(number)


def bare_fibo(number: int) -> int:
    return number if number < 2 else bare_fibo(number - 1) + bare_fibo(number - 2)


@flow
def in_sequence(count: int) -> None:
    for number in range(count):
        nothing(number)


@flow
def fibos(count: int, number: int) -> None:
    for _ in range(count):
        fibo(number)


@flow
def one() -> None:
    nothing(0)


def measured(work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def w1(count: int, rounds: int) -> list[dict[str, float]]:
    """A flow returns when all that it recorded is durable."""
    in_sequence(count)
    return [measured(lambda: in_sequence(count)) for _ in range(rounds)]


def w10(rounds: int) -> dict[str, list[dict[str, float]]]:
    fibos(40, 10)
    return {
        "small": [measured(lambda: fibos(40, 10)) for _ in range(rounds)],
        "large": [measured(lambda: fibos(10, 33))],
        "bare": [measured(lambda: [bare_fibo(33) for _ in range(10)])],
    }


if __name__ == "__main__":
    workload, *numbers = sys.argv[1:]
    if workload == "one":
        one()
    else:
        chosen: Any = {"w1": w1, "w10": w10}[workload]
        print(json.dumps(chosen(*map(int, numbers))))
