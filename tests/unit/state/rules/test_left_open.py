"""No task run stays open in a flow run that nobody works on."""

from dataclasses import replace

import pytest

from builders import NAMESPACE, NOON, a_call, a_state, a_step_to, an_id
from penstockd.state.rules.left_open import LONGEST_MESSAGE, ended_with
from penstockd.state.rules.state import TASK_RUN_NEXT, TERMINAL, S, StateType
from penstockd.state.rules.task_run import (
    ROLLED_BACK,
    Entry,
    Folded,
    Known,
    Progress,
    TaskRun,
    began,
    fold,
    judge,
)

FLOW_RUN = an_id()
OPEN = [it for it in StateType if it not in TERMINAL]
UNOWNED = [S.SCHEDULED, *TERMINAL]


def a_task_run(state_type: StateType) -> TaskRun:
    return TaskRun(
        namespace=NAMESPACE,
        flow_run_id=FLOW_RUN,
        epoch=0,
        position=1,
        called=(called := a_call()),
        progress=began(called)._replace(state=a_state(state_type)),
    )


@pytest.mark.parametrize("task_run", sorted(OPEN))
@pytest.mark.parametrize("flow_run", sorted(UNOWNED))
def test_whatever_is_open_may_end_as_it_does(flow_run: StateType, task_run: StateType) -> None:
    left = a_task_run(task_run)
    (move,) = ended_with(a_state(flow_run), [left])
    after = judge(left.progress, move)
    assert isinstance(after, Progress)
    assert after.state.type in TERMINAL & TASK_RUN_NEXT[task_run]
    assert after.end_time == NOON


@pytest.mark.parametrize(
    ("flow_run", "task_run", "ends"),
    [
        (S.CRASHED, S.RUNNING, S.CRASHED),
        (S.CRASHED, S.PENDING, S.CANCELLED),
        (S.CRASHED, S.SCHEDULED, S.CANCELLED),
        (S.CANCELLED, S.RUNNING, S.CANCELLED),
        (S.FAILED, S.RUNNING, S.CRASHED),
        (S.COMPLETED, S.RUNNING, S.CRASHED),
        (S.SCHEDULED, S.RUNNING, S.CRASHED),
    ],
)
def test_what_executed_is_lost_and_what_waited_is_cancelled(
    flow_run: StateType, task_run: StateType, ends: StateType
) -> None:
    (move,) = ended_with(a_state(flow_run), [a_task_run(task_run)])
    assert move.state.type is ends


def test_the_message_of_the_flow_run_is_told_in_short() -> None:
    running = [a_task_run(S.RUNNING)]
    (move,) = ended_with(a_state(S.CRASHED, message="exit code 1"), running)
    assert move.state.message == "the flow run crashed: exit code 1"
    (move,) = ended_with(a_state(S.FAILED), running)
    assert move.state.message == "the flow run failed"
    (move,) = ended_with(a_state(S.CRASHED, message="x" * 16_000), running)
    assert len(move.state.message) == LONGEST_MESSAGE


def test_a_batch_counts_by_how_many_more_are_open() -> None:
    """The count tells, when a flow run ends, whether anything need be looked for."""
    running, done = a_task_run(S.RUNNING), a_task_run(S.COMPLETED)
    over = replace(done, progress=done.progress._replace(end_time=NOON))
    known = {
        it.called.task_run_id: Known(flow_run_id=FLOW_RUN, progress=it.progress)
        for it in (running, over)
    }

    def opened(*entries: Entry) -> int:
        batch = fold(entries, known, flow_run_id=FLOW_RUN, first_position=1)
        assert isinstance(batch, Folded)
        return batch.opened

    call, ended = a_call(state_type=S.RUNNING), running.called.task_run_id
    assert opened(call) == 1
    assert opened(call, a_step_to(call.task_run_id, S.COMPLETED)) == 0
    assert opened(a_step_to(ended, S.SCHEDULED)) == 0
    assert opened(a_step_to(ended, S.FAILED)) == -1
    undone = a_step_to(over.called.task_run_id, S.COMPLETED, name=ROLLED_BACK)
    assert opened(undone, a_step_to(ended, S.FAILED), call) == 0
