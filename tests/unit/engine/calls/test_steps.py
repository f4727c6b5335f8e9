"""Inputs have a digest that tells them apart, or none; asking for it never fails."""

import threading
import xmlrpc.client
from typing import Any

import pytest

from penstock.engine.calls.steps import MOST_VALUES, NOT_HASHED, input_digest


class Plain:
    pass


class Refusing:
    def __reduce__(self) -> Any:
        raise RuntimeError("not I")

    def __sizeof__(self) -> int:
        raise RuntimeError("not I")


def deep(levels: int) -> Any:
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


def a_ring() -> Any:
    ring: dict[str, Any] = {}
    ring["me"] = ring
    return ring


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        ("1", b"1"),
        ((1, 2), [1, 2]),
        (10**5000, 10**5000 + 1),
        ([10**5000], [10**5000 + 1]),
        ({"a": 1}, {"a": 2}),
        ({1, 2}, {1, 3}),
        (int, str),
        (Plain, Refusing),
        ("\ud800", "\ud801"),
    ],
    ids=lambda it: type(it).__name__,
)
def test_different_inputs_have_different_digests(one: Any, other: Any) -> None:
    assert input_digest((one,), {}) != NOT_HASHED
    assert input_digest((one,), {}) == input_digest((one,), {})
    assert input_digest((one,), {}) != input_digest((other,), {})
    assert input_digest((), {"n": one}) != input_digest((), {"n": other})


@pytest.mark.parametrize(
    "value",
    [
        a_ring(),
        deep(2000),
        [list(range(10))] * MOST_VALUES,
        Refusing(),
        [Refusing()],
        threading.Lock(),
        bytearray(2 * 1024 * 1024),
    ],
    ids=["ring", "deep", "wide", "refusing", "inside", "lock", "large"],
)
def test_what_cannot_be_written_down_has_no_digest(value: Any) -> None:
    assert input_digest((value,), {}) == NOT_HASHED


def test_a_proxy_is_not_asked() -> None:
    class Proxy(xmlrpc.client.ServerProxy):
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(name)

    input_digest((Proxy("http://127.0.0.1:9/"),), {})
