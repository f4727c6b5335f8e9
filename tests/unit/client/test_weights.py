"""What is recorded weighs at least as much as its message, so that no batch is too large."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from penstock.api.state.v1.journal_pb2 import JournalEntry
from penstock.api.state.v1.log_service_pb2 import AppendLogsResponse
from penstock.client.entries import (
    Called,
    Edge,
    EdgeKind,
    Entry,
    Line,
    Moved,
    Step,
    entry_bytes,
    line_bytes,
)
from penstock.client.journal import write_entry
from penstock.client.logs import Logs
from penstock.client.wire.owned import LeaseRef, Owned
from penstock.failures.failure import Failure, FailureCause
from penstock.ground.ids import new_id
from penstock.payloads.values import EncodedPayload
from penstock.states import StateType
from unit.client.channels import Answering, connection_over

ID = new_id()
NOW = 1_900_000_000_123_456_789
LETTERS = st.characters(codec="utf-8")
SHORT = st.text(LETTERS, max_size=40)
# Characters of four bytes, which a plain count of characters takes for one.
LONG = st.builds(
    lambda text, times: text * times, st.text(LETTERS, max_size=4), st.integers(0, 2_000)
)
TEXTS = SHORT | LONG | st.just("\N{PARTY POPPER}" * 190)
PAYLOADS = st.builds(
    EncodedPayload,
    SHORT,
    st.binary(max_size=2_000),
    st.lists(SHORT, max_size=50).map(tuple),
    st.lists(SHORT, max_size=50).map(tuple),
)
FAILURES = st.builds(
    Failure,
    error_type=TEXTS,
    message=TEXTS,
    stack=TEXTS,
    causes=st.lists(
        st.builds(FailureCause, error_type=TEXTS, message=TEXTS, stack=TEXTS), max_size=10
    ),
    data=st.none() | PAYLOADS,
    inputs=st.dictionaries(SHORT, TEXTS, max_size=20),
)
EDGES = st.builds(Edge, st.just(EdgeKind.DATA), task_run_id=st.just(ID), parameter=SHORT)
CALLS = st.builds(
    Called,
    st.just(ID),
    st.just(NOW),
    TEXTS,
    TEXTS,
    st.builds(Step, TEXTS, st.just(b"s" * 32), st.just(b"i" * 32), st.integers(0, 2**31 - 1)),
    st.just(ID),
    st.lists(EDGES, max_size=100),
    st.lists(TEXTS, max_size=100),
    st.booleans(),
    st.booleans(),
)
MOVES = st.builds(
    Moved,
    st.just(ID),
    st.just(NOW),
    st.just(StateType.FAILED),
    TEXTS,
    TEXTS,
    st.integers(1, 2**31 - 1),
    st.booleans(),
    st.none() | PAYLOADS,
    st.none() | FAILURES,
    st.just(NOW),
    st.booleans(),
)


@given(CALLS | MOVES)
@settings(max_examples=300)
def test_an_entry_weighs_what_its_message_takes_at_least(entry: Entry) -> None:
    message = JournalEntry()
    write_entry(message, entry)
    assert entry_bytes(entry) >= message.ByteSize()


@given(st.builds(Line, st.just(NOW), st.integers(0, 100), TEXTS, TEXTS, st.just(ID)))
def test_a_line_weighs_what_its_message_takes_at_least(line: Line) -> None:
    service = Answering(AppendLogs=lambda _request: AppendLogsResponse())
    owned = Owned(namespace="default", flow_run_id=ID, lease=LeaseRef(new_id(), 7))
    logs = Logs(connection_over(service))
    asyncio.run(logs.append(owned, [line], first=2**40, last=False))
    [request] = service.asked
    assert line_bytes(line) >= request.lines[0].ByteSize()
