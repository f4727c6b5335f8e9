from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NAMESPACE, NOON, a_session, an_id
from penstockd.state.rules.names import two_words
from penstockd.state.rules.terms import Terms
from penstockd.state.rules.worker_session import (
    SessionKind,
    Unopened,
    WorkerSession,
    ended,
    opened,
    renewed,
    time_left,
)

TTL = timedelta(seconds=15)
TERMS = Terms(ttl=TTL, renew_interval=timedelta(seconds=5))


def open_again(
    known: WorkerSession | None, kind: SessionKind = SessionKind.EXECUTOR
) -> WorkerSession | Unopened:
    return opened(known, namespace=NAMESPACE, session_id=an_id(), kind=kind, at=NOON, ttl=TTL)


def test_an_open_session_stays_as_it_is() -> None:
    session = a_session()
    assert open_again(session) is session


def test_a_session_that_nobody_renewed_begins_anew() -> None:
    session = open_again(ended(a_session(), NOON, closed=False))
    assert isinstance(session, WorkerSession)
    assert (session.alive, session.revision, session.lease_until) == (True, 3, NOON + TTL)


def test_a_session_that_was_closed_stays_closed() -> None:
    assert open_again(ended(a_session(), NOON, closed=True)) is Unopened.CLOSED


def test_an_open_session_has_one_kind() -> None:
    assert open_again(a_session(), SessionKind.SCRIPT) is Unopened.OTHER_KIND


def test_an_embedded_session_needs_no_renewal() -> None:
    session = open_again(None, SessionKind.EMBEDDED)
    assert isinstance(session, WorkerSession)
    assert session.lease_until is None
    tomorrow = NOON + timedelta(days=1)
    assert renewed(session, at=tomorrow, terms=TERMS) is None
    assert time_left(session, at=tomorrow, terms=TERMS) == TTL


@pytest.mark.parametrize(("seconds", "written"), [(0, False), (2.5, False), (4, True)])
def test_each_renewal_in_its_time_is_written_and_extra_ones_are_not(
    seconds: float, written: bool
) -> None:
    at = NOON + timedelta(seconds=seconds)
    after = renewed(a_session(), at=at, terms=TERMS)
    assert (after is not None) == written
    if after is not None:
        assert after == replace(a_session(id=after.id), lease_until=at + TTL)


@pytest.mark.parametrize(("seconds", "left"), [(0, 15), (5, 10), (15, 0), (20, 0)])
def test_a_session_has_the_time_that_was_written(seconds: int, left: int) -> None:
    at = NOON + timedelta(seconds=seconds)
    assert time_left(a_session(), at=at, terms=TERMS) == timedelta(seconds=left)


def test_whatever_a_worker_sends_half_its_time_is_left_before_the_next_renewal() -> None:
    session, at = a_session(), NOON
    for seconds in (2.5, 5, 5, 1, 1, 1, 5, 2.4, 5):
        at += timedelta(seconds=seconds)
        assert time_left(session, at=at, terms=TERMS) >= TTL / 2
        session = renewed(session, at=at, terms=TERMS) or session


def test_runs_without_a_name_get_two_words() -> None:
    names = {two_words(number) for number in range(3000)}
    assert all(name.count("-") == 1 for name in names)
    assert len(names) > 2000
