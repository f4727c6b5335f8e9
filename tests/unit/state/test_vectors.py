"""The golden vectors, which generated clients of every language replay, hold for the rules."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.json_format import ParseDict

from builders import NOON
from penstock.api.state.v1 import flow_run_service_pb2, journal_service_pb2, task_run_pb2
from penstockd.chassis.wire.messages import packed
from penstockd.chassis.wire.times import optional_time
from penstockd.state.rules.flow_run import Proposal, judge
from penstockd.state.rules.state import FLOW_RUN_NEXT, TASK_RUN_NEXT, S, StateType
from penstockd.state.rules.task_run import Folded, Illegal, Known, Progress, fold
from penstockd.state.servicers.flow_run_wire import verdict_to_proto
from penstockd.state.servicers.journal import read_entries
from penstockd.state.servicers.values import CAUSES
from penstockd.state.servicers.values import state_of as proposed_state
from unit.state.vector_values import as_dict, cases, state_of, stored_run, stored_task_run

CANCEL_WITHIN = timedelta(seconds=50)
FLOW_RUNS, TASK_RUNS = cases("flow_run_transitions"), cases("task_run_journal")


def named(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", FLOW_RUNS, ids=named)
def test_a_flow_run_gets_the_golden_verdict(case: dict[str, Any]) -> None:
    request = ParseDict(case["request"], flow_run_service_pb2.TransitionFlowRunRequest())
    proposal = Proposal(
        to=proposed_state(request.to_state, "to_state"), by_owner=request.HasField("lease")
    )
    verdict = judge(stored_run(case), proposal, at=NOON, cancel_within=CANCEL_WITHIN)
    assert as_dict(verdict_to_proto(verdict)) == case["response"]


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
    for vectors, start in (
        (FLOW_RUNS, "the owner of a run in"),
        (TASK_RUNS, "a task run goes"),
    ):
        told = {pair_of(case["name"]) for case in vectors if case["name"].startswith(start)}
        assert told == pairs


def test_the_vectors_follow_the_published_edges() -> None:
    for case in FLOW_RUNS[:81]:
        before, after = pair_of(case["name"])
        assert ("accepted" in case["response"]) == (after in FLOW_RUN_NEXT[before])
    for case in TASK_RUNS[:81]:
        before, after = pair_of(case["name"])
        assert ("taskRun" in case) == (after in TASK_RUN_NEXT[before])


def pair_of(name: str) -> tuple[StateType, StateType]:
    before, after = [S(word) for word in name.split() if word.isupper()]
    return before, after


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
