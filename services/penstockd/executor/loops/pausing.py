"""Pauses between failed calls: exponential backoff with full jitter."""

import asyncio
import random
from datetime import timedelta

from penstockd.executor.rules.backoff import full_jitter

Randomness = random.SystemRandom().random


class Pauses:
    def __init__(self) -> None:
        self.failures = 0

    def next(self) -> timedelta:
        self.failures += 1
        return full_jitter(self.failures, Randomness())

    def reset(self) -> None:
        self.failures = 0


async def rest(failures: int) -> None:
    """Rest after so many failures in a row."""
    await asyncio.sleep(full_jitter(failures, Randomness()).total_seconds())
