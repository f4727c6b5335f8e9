"""The golden vectors of journals, which all clients replay, hold for the rules."""

from typing import Any
from uuid import UUID

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict

from builders import NAMESPACE
from penstock.api.state.v1.journal_service_pb2 import AppendJournalRequest
from penstockd.state.rules.state import TASK_RUN_NEXT, StateType
from penstockd.state.rules.task_run import Called, Folded, Illegal, Known, TaskRun, fold
from penstockd.state.rules.view import View
from penstockd.state.servicers.journal import read_entries
from penstockd.state.servicers.task_run import task_run_to_proto
from unit.state.vector_values import cases, pair_of

CASES = cases("task_run_journal")
PAIRS = [case for case in CASES if case["name"].startswith("a task run goes from")]


class Journal:
    """What the rules keep of calls that the lease and the sequence let pass."""

    def __init__(self, flow_run_id: UUID) -> None:
        self._flow_run_id = flow_run_id
        self._length = 0
        self._called: dict[UUID, Called] = {}
        self._known: dict[UUID, Known] = {}

    def append(self, request: AppendJournalRequest) -> Folded | Illegal:
        entries = read_entries(request.entries)[self._length + 1 - request.first_sequence :]
        folded = fold(
            entries, self._known, flow_run_id=self._flow_run_id, first_position=self._length + 1
        )
        if isinstance(folded, Folded):
            self._length += len(entries)
            self._called |= {it.called.task_run_id: it.called for it in folded.begun}
            self._known |= {
                task_run_id: Known(flow_run_id=self._flow_run_id, progress=progress)
                for task_run_id, progress in folded.progress.items()
            }
        return folded

    def task_run(self, task_run_id: UUID) -> TaskRun:
        return TaskRun(
            namespace=NAMESPACE,
            flow_run_id=self._flow_run_id,
            epoch=0,
            position=1,
            called=self._called[task_run_id],
            progress=self._known[task_run_id].progress,
        )


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_task_run_becomes_what_the_vector_says(case: dict[str, Any]) -> None:
    requests = [ParseDict(call["request"], AppendJournalRequest()) for call in case["calls"]]
    journal = Journal(UUID(requests[0].run.flow_run_id))
    for call, request in zip(case["calls"], requests, strict=True):
        if "response" in call:
            assert isinstance(journal.append(request), Folded)
        elif call["error"]["reason"] == "INVALID_ARGUMENT":
            assert isinstance(journal.append(request), Illegal)
    if "taskRun" in case:
        found = journal.task_run(UUID(case["taskRun"]["id"]))
        assert MessageToDict(task_run_to_proto(found, View.FULL)) == case["taskRun"]


def test_every_pair_of_states_has_a_vector_that_follows_the_published_edges() -> None:
    pairs = [pair_of(case["name"]) for case in PAIRS]
    assert set(pairs) == {(one, other) for one in StateType for other in StateType}
    for (before, after), case in zip(pairs, PAIRS, strict=True):
        assert ("response" in case["calls"][-1]) == (after in TASK_RUN_NEXT[before])
