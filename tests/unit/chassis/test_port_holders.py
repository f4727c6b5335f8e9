"""Who cannot listen is told why, and which process to look at."""

import os
import socket
from collections.abc import Iterator

import psutil
import pytest

from penstockd.chassis.port_holders import holder_of, lack_of


@pytest.fixture(params=["127.0.0.1", "::1"])
def taken(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    host = str(request.param)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listening:
        listening.bind((host, 0))
        listening.listen()
        yield host, listening.getsockname()[1]


def test_the_process_that_holds_a_port_is_named(taken: tuple[str, int]) -> None:
    host, port = taken
    own = " ".join(psutil.Process().cmdline())
    for spelt in (host, f"[{host}]" if ":" in host else host):
        told = lack_of(spelt, port)
        assert told.startswith(f"process {os.getpid()} (")
        assert own[:20] in told


def test_a_free_port_lacks_nothing(unused_tcp_port: int) -> None:
    assert lack_of("127.0.0.1", unused_tcp_port) == ""


def test_an_address_of_another_machine_is_no_matter_of_a_process(unused_tcp_port: int) -> None:
    lack = lack_of("192.0.2.1", unused_tcp_port)
    assert lack == os.strerror(99)


def test_a_host_that_is_none_is_told() -> None:
    assert "not known" in lack_of("no-such-host.invalid", 1)


def test_a_holder_that_cannot_be_seen_is_another_process(unused_tcp_port: int) -> None:
    assert holder_of(unused_tcp_port) == "another process"
