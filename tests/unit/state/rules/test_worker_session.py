from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NAMESPACE, NOON, a_session, an_id
from penstockd.state.rules.names import two_words
from penstockd.state.rules.worker_session import (
    SessionKind,
    WorkerSession,
    ended,
    opened,
    renewed,
)

TTL = timedelta(seconds=15)


def open_again(known: WorkerSession | None, kind: SessionKind) -> WorkerSession:
    return opened(known, namespace=NAMESPACE, session_id=an_id(), kind=kind, at=NOON, ttl=TTL)


def test_an_open_session_stays_as_it_is() -> None:
    session = a_session()
    assert open_again(session, SessionKind.EXECUTOR) is session


def test_a_session_that_ended_begins_anew() -> None:
    session = open_again(ended(a_session(), NOON), SessionKind.EXECUTOR)
    assert (session.alive, session.revision, session.lease_until) == (True, 3, NOON + TTL)


def test_an_embedded_session_needs_no_renewal() -> None:
    session = open_again(None, SessionKind.EMBEDDED)
    assert session.lease_until is None
    assert renewed(session, at=NOON + timedelta(days=1), ttl=TTL) is None


@pytest.mark.parametrize(("seconds", "written"), [(0, False), (7, False), (8, True)])
def test_a_session_is_written_when_less_than_half_its_time_is_left(
    seconds: int, written: bool
) -> None:
    at = NOON + timedelta(seconds=seconds)
    after = renewed(a_session(), at=at, ttl=TTL)
    assert (after is not None) == written
    if after is not None:
        assert after == replace(a_session(id=after.id), lease_until=at + TTL)


def test_runs_without_a_name_get_two_words() -> None:
    names = {two_words(number) for number in range(3000)}
    assert all(name.count("-") == 1 for name in names)
    assert len(names) > 2000
