import pytest

from builders import NOON, a_call, a_state, a_step_to, an_id
from penstockd.state.rules.state import TASK_RUN_NEXT, AttemptCause, S, StateType
from penstockd.state.rules.task_run import (
    Begun,
    Entry,
    Folded,
    Illegal,
    Known,
    Progress,
    began,
    fence_and_sequence,
    fold,
    judge,
    position_of,
)

FLOW_RUN = an_id()


def a_progress(state_type: StateType, attempt: int = 1) -> Progress:
    return began(a_call())._replace(state=a_state(state_type), attempt=attempt)


def folded(*entries: Entry, known: dict | None = None) -> Folded | Illegal:  # type: ignore[type-arg]
    return fold(entries, known or {}, flow_run_id=FLOW_RUN, first_position=1)


@pytest.mark.parametrize("before", StateType)
@pytest.mark.parametrize("after", StateType)
def test_a_task_run_moves_along_the_published_edges_only(
    before: StateType, after: StateType
) -> None:
    verdict = judge(a_progress(before), a_step_to(an_id(), after))
    assert isinstance(verdict, Progress) == (after in TASK_RUN_NEXT[before])


def test_a_call_begins_in_its_first_state() -> None:
    running = began(a_call(state_type=S.RUNNING))
    assert (running.attempt, running.attempt_cause) == (1, AttemptCause.FIRST)
    assert running.start_time == NOON
    assert began(a_call(state_type=S.PENDING)).attempt == 0


def test_calling_and_moving_in_one_batch_leaves_one_task_run() -> None:
    call = a_call(state_type=S.RUNNING)
    batch = folded(call, a_step_to(call.task_run_id, S.COMPLETED, result=b"null"))
    assert isinstance(batch, Folded)
    assert batch.begun == [Begun(call, 1)]
    after = batch.progress[call.task_run_id]
    assert (after.state.type, after.revision, after.result) == (S.COMPLETED, 2, b"null")
    assert (after.start_time, after.end_time) == (NOON, NOON)


def test_the_places_of_calls_are_those_of_their_entries() -> None:
    first, second = a_call(), a_call()
    batch = folded(first, a_step_to(first.task_run_id, S.RUNNING), second)
    assert isinstance(batch, Folded)
    assert [begun.position for begun in batch.begun] == [1, 3]


def test_a_retry_is_the_next_attempt() -> None:
    call = a_call(state_type=S.RUNNING)
    awaiting = a_step_to(call.task_run_id, S.SCHEDULED, name="AwaitingRetry")
    batch = folded(call, awaiting, a_step_to(call.task_run_id, S.RUNNING, attempt=2))
    assert isinstance(batch, Folded)
    after = batch.progress[call.task_run_id]
    assert (after.attempt, after.attempt_cause) == (2, AttemptCause.RETRY)


def test_an_attempt_begins_once() -> None:
    again = judge(a_progress(S.SCHEDULED, attempt=2), a_step_to(an_id(), S.RUNNING, attempt=2))
    assert isinstance(again, str)
    assert "past attempt 2" in again


def test_what_completed_is_rolled_back_once() -> None:
    done, undo = a_progress(S.COMPLETED), a_step_to(an_id(), S.COMPLETED, name="RolledBack")
    undone = judge(done, undo)
    assert isinstance(undone, Progress)
    assert undone.state.name == "RolledBack"
    assert isinstance(judge(undone, undo), str)


def test_moves_of_known_task_runs_change_them() -> None:
    task_run_id = an_id()
    known = {task_run_id: Known(flow_run_id=FLOW_RUN, progress=a_progress(S.RUNNING))}
    batch = folded(a_step_to(task_run_id, S.FAILED), known=known)
    assert isinstance(batch, Folded)
    assert (batch.begun, batch.progress[task_run_id].state.type) == ([], S.FAILED)


def test_the_first_illegal_entry_is_named_and_nothing_is_applied() -> None:
    call = a_call()
    illegal = folded(call, a_step_to(call.task_run_id, S.CANCELLED), call)
    assert isinstance(illegal, Illegal)
    assert (illegal.at, illegal.taken) == (2, False)


def test_what_was_never_called_cannot_move() -> None:
    illegal = folded(a_step_to(an_id(), S.RUNNING))
    assert isinstance(illegal, Illegal)
    assert "never called" in illegal.why


def test_the_id_of_another_flow_runs_task_is_taken() -> None:
    call = a_call()
    theirs = Known(flow_run_id=an_id(), progress=a_progress(S.RUNNING))
    illegal = folded(call, known={call.task_run_id: theirs})
    assert isinstance(illegal, Illegal)
    assert illegal.taken


def test_places_order_the_journals_of_all_leases() -> None:
    assert position_of(1, 70_000) < position_of(2, 1)
    assert fence_and_sequence(position_of(2, 70_000)) == (2, 70_000)


def test_a_result_stays_when_the_task_is_undone() -> None:
    done = a_progress(S.COMPLETED)._replace(result=b"null")
    undone = judge(done, a_step_to(an_id(), S.COMPLETED, name="RolledBack"))
    assert isinstance(undone, Progress)
    assert undone.result == b"null"
    assert undone.state._replace(name="Completed") == done.state


@pytest.mark.parametrize("ends", [S.FAILED, S.CRASHED, S.CANCELLED, S.SCHEDULED])
def test_what_ended_an_attempt_badly_stays_with_the_task_run(ends: StateType) -> None:
    after = judge(a_progress(S.RUNNING), a_step_to(an_id(), ends, failure=b"dry"))
    assert isinstance(after, Progress)
    assert after.failure == b"dry"


@pytest.mark.parametrize("goes_on", [S.RUNNING, S.CANCELLED])
def test_a_failure_is_over_when_the_next_attempt_begins(goes_on: StateType) -> None:
    waiting = a_progress(S.SCHEDULED)._replace(failure=b"dry")
    after = judge(waiting, a_step_to(an_id(), goes_on))
    assert isinstance(after, Progress)
    assert after.failure == (b"" if goes_on is S.RUNNING else b"dry")


def test_a_retry_at_once_tells_what_failed_before_it_and_has_not_failed() -> None:
    again = a_step_to(an_id(), S.RUNNING, attempt=2, failure=b"dry")
    after = judge(a_progress(S.RUNNING), again)
    assert isinstance(after, Progress)
    assert after.failure == b""


@pytest.mark.parametrize(
    ("to", "outcome"),
    [
        (S.COMPLETED, {"failure": b"dry"}),
        (S.FAILED, {"result": b"null"}),
        (S.SCHEDULED, {"result": b"null"}),
    ],
)
def test_an_outcome_fits_the_state_that_it_comes_with(
    to: StateType, outcome: dict[str, bytes]
) -> None:
    verdict = judge(a_progress(S.RUNNING), a_step_to(an_id(), to, **outcome))
    assert isinstance(verdict, str)
    assert f"goes to {to}" in verdict
