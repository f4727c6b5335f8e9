"""The golden vectors, which generated clients of every language replay, hold for the rules."""

from typing import Any
from uuid import UUID

import pytest
from google.protobuf.json_format import ParseDict

from builders import a_state
from penstock.api.state.v1 import journal_service_pb2, task_run_pb2
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import optional_time, time_from_proto
from penstockd.state.rules.state import TASK_RUN_NEXT, State, StateType
from penstockd.state.rules.task_run import Folded, Illegal, Known, Progress, fold
from penstockd.state.servicers.journal import read_entries
from penstockd.state.servicers.values import CAUSES, STATE_TYPES
from unit.state.vector_values import cases, pair_of

TASK_RUNS = cases("task_run_journal")
PAIRS = [case for case in TASK_RUNS if case["name"].startswith("a task run goes")]


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", TASK_RUNS, ids=named)
def test_a_task_run_becomes_what_the_vector_says(case: dict[str, Any]) -> None:
    request = ParseDict(case["request"], journal_service_pb2.AppendJournalRequest())
    stored, flow_run_id = stored_task_run(case), UUID(request.flow_run_id)
    known = {}
    if stored:
        progress = progress_of(stored)
        known[UUID(stored.id)] = Known(flow_run_id=flow_run_id, progress=progress)
    folded = fold(read_entries(request.entries), known, flow_run_id=flow_run_id, first_place=1)
    if "error" in case:
        assert isinstance(folded, Illegal)
        return
    assert isinstance(folded, Folded)
    expected = ParseDict(case["taskRun"], task_run_pb2.TaskRun())
    assert folded.progress[UUID(expected.id)] == progress_of(expected)


def test_every_pair_of_states_has_a_vector() -> None:
    pairs = {(before, after) for before in StateType for after in StateType}
    assert {pair_of(case["name"]) for case in PAIRS} == pairs


def test_the_vectors_follow_the_published_edges() -> None:
    for case in PAIRS:
        before, after = pair_of(case["name"])
        assert ("taskRun" in case) == (after in TASK_RUN_NEXT[before])


def progress_of(task_run: task_run_pb2.TaskRun) -> Progress:
    return Progress(
        state=state_of(task_run.state),
        attempt=task_run.attempt,
        attempt_cause=CAUSES.get(task_run.attempt_cause),
        revision=task_run.revision,
        result=packed(task_run.result),
        start_time=optional_time(task_run, "start_time"),
        end_time=optional_time(task_run, "end_time"),
    )


def state_of(message: Any) -> State:
    return a_state(
        STATE_TYPES[message.state_type],
        name=message.name,
        time=time_from_proto(message.time, "time"),
        scheduled_time=optional_time(message, "scheduled_time"),
    )


def stored_task_run(case: dict[str, Any]) -> task_run_pb2.TaskRun | None:
    if "stored" not in case:
        return None
    return ParseDict(case["stored"], task_run_pb2.TaskRun())
