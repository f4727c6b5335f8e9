from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import NAMESPACE, NOON, an_id
from penstockd.state.rules.lease import LeasePhase
from penstockd.state.rules.lease_report import (
    LONGEST_MESSAGE,
    Held,
    LeaseVerdict,
    Report,
    Ruling,
    is_settled,
    left_out,
    news,
    noted,
    ruling,
    verdicts,
)
from penstockd.state.rules.ownership import LeaseRef, Ownership
from penstockd.state.rules.state import S, StateType

SESSION = an_id()
DEADLINE = NOON + timedelta(seconds=15)


def a_hold(
    state_type: StateType = S.RUNNING, phase: LeasePhase = LeasePhase.RUNNING, **owner: Any
) -> Held:
    known: dict[str, Any] = {
        "owned": True,
        "session_id": SESSION,
        "lease_id": an_id(),
        "fence": 1,
    }
    return Held(
        namespace=NAMESPACE,
        flow_run_id=an_id(),
        ownership=Ownership(**known | owner),
        state_type=state_type,
        state_message="",
        phase=phase,
    )


def ref_of(held: Held) -> LeaseRef:
    lease_id = held.ownership.lease_id
    assert lease_id is not None
    return LeaseRef(lease_id=lease_id, fence=held.ownership.fence)


def a_report(held: Held, phase: LeasePhase = LeasePhase.RUNNING, **more: Any) -> Report:
    return Report(lease=ref_of(held), phase=phase, **more)


def is_news(held: Held, report: Report) -> bool:
    return bool(news({report.lease.lease_id: held}, [report], SESSION))


def verdict_of(held: Held) -> LeaseVerdict:
    ref = ref_of(held)
    (told,) = verdicts({ref.lease_id: held}, [a_report(held)], SESSION)
    return told


def test_a_report_is_news_once() -> None:
    held = a_hold(S.PENDING, LeasePhase.OFFERED, ack_deadline=DEADLINE)
    report = a_report(held, LeasePhase.ACKNOWLEDGED)
    assert is_news(held, report)
    after = noted(held, report)
    assert not is_news(after, report)
    assert after.ownership.ack_deadline is None


def test_a_late_report_takes_nothing_back() -> None:
    held = replace(a_hold(phase=LeasePhase.CANCELLING), checkpoint=b"kept")
    report = a_report(held)
    assert not is_news(held, report)
    assert noted(held, report).phase is LeasePhase.CANCELLING
    assert noted(held, report).checkpoint == b"kept"


def test_a_checkpoint_is_news() -> None:
    held = a_hold()
    report = a_report(held, checkpoint=b"half done")
    assert is_news(held, report)
    assert noted(held, report).checkpoint == b"half done"


def test_a_report_of_a_lease_that_is_lost_is_no_news() -> None:
    held = a_hold(session_id=an_id())
    assert not is_news(held, a_report(held, checkpoint=b"half done"))


def test_the_current_lease_goes_on() -> None:
    held = a_hold()
    assert ruling(held, ref_of(held), SESSION) is Ruling.OK


@pytest.mark.parametrize("over", [S.COMPLETED, S.FAILED, S.CANCELLED, S.CRASHED])
def test_a_lease_whose_run_its_owner_has_ended_is_still_to_be_completed(
    over: StateType,
) -> None:
    held = a_hold(over, owned=False)
    assert ruling(held, ref_of(held), SESSION) is Ruling.OK


def test_a_cancel_is_repeated_until_it_is_acknowledged() -> None:
    held = a_hold(S.CANCELLING)
    report = a_report(held)
    assert verdict_of(held).ruling is Ruling.CANCEL
    assert not is_settled({report.lease.lease_id: held}, report, SESSION)
    told = replace(held, phase=LeasePhase.CANCELLING)
    assert is_settled({report.lease.lease_id: told}, report, SESSION)


def test_a_lease_is_lost_when_it_is_unknown_stale_or_anothers() -> None:
    held = a_hold()
    stale = replace(ref_of(held), fence=2)
    theirs = a_hold(session_id=an_id())
    for hold, ref in ((None, stale), (held, stale), (theirs, ref_of(theirs))):
        assert ruling(hold, ref, SESSION) is Ruling.LOST
        found = {} if hold is None else {ref.lease_id: hold}
        report = Report(lease=ref, phase=LeasePhase.RUNNING)
        assert not is_settled(found, report, SESSION)
        (told,) = verdicts(found, [report], SESSION)
        assert (told.ruling, bool(told.message)) == (Ruling.LOST, True)


@pytest.mark.parametrize(("length", "told"), [(1000, 1000), (1001, 1000), (16384, 1000)])
def test_a_verdict_tells_at_most_a_thousand_characters(length: int, told: int) -> None:
    why = "n" * length
    held = replace(a_hold(S.CANCELLING), state_message=why)
    message = verdict_of(held).message
    assert len(message) == told <= LONGEST_MESSAGE
    assert (message == why) == (length <= LONGEST_MESSAGE)


def test_as_many_verdicts_as_a_worker_may_have_leases_fit_into_one_answer() -> None:
    why = "€" * 1000
    held = replace(a_hold(S.CANCELLING), state_message=why)
    told = verdicts({ref_of(held).lease_id: held}, [a_report(held)] * 10_000, SESSION)
    assert len(told) == 10_000
    assert sum(len(it.message.encode()) for it in told) < 3 * 1024 * 1024
    assert why.startswith(told[0].message[:-1])


def test_a_lease_that_is_left_out_gets_a_deadline_and_keeps_it() -> None:
    held = a_hold()
    after = left_out(held, SESSION, deadline=DEADLINE)
    assert after is not None
    assert after == replace(held, ownership=replace(held.ownership, list_deadline=DEADLINE))
    later = DEADLINE + timedelta(seconds=5)
    assert left_out(after, SESSION, deadline=later) is None


def test_a_lease_that_is_listed_again_has_no_deadline() -> None:
    held = a_hold(list_deadline=DEADLINE)
    report = a_report(held)
    assert is_news(held, report)
    assert noted(held, report).ownership.list_deadline is None


@pytest.mark.parametrize(
    "held",
    [
        a_hold(S.PENDING, LeasePhase.OFFERED, ack_deadline=NOON),
        a_hold(S.COMPLETED, owned=False),
        a_hold(session_id=an_id()),
    ],
    ids=["not acknowledged", "over", "another session's"],
)
def test_what_a_session_need_not_list_gets_no_deadline(held: Held) -> None:
    assert left_out(held, SESSION, deadline=DEADLINE) is None
