"""Each thing that may not happen is seen, and what may happen is let pass."""

from functools import cache

import pytest

from fuzz.contract import Rpc, load_contract
from fuzz.judging import (
    MOST_GROWTH,
    faults_in,
    faults_in_log,
    faults_in_memory,
    faults_in_raw,
)
from fuzz.requests import Request
from fuzz.sending import Answer

TRACE = """\
2026-01-01 ERROR rpc.failed rpc=/a/B
Traceback (most recent call last):
  File "/x/penstockd/state/store/flow.py", line 7, in write
    raise ValueError(text)
ValueError: no value 17
2026-01-01 INFO next
"""
GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "/x/chassis/chain.py", line 7, in guarded
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/x/penstock/wire.py", line 9, in named
    |     raise named
    | penstock.errors.Gone: it is 5
    +------------------------------------
2026-01-01 INFO next
"""


def request(name: str, *, size: int = 0) -> Request:
    return Request(number=1, kind="legal", rpc=rpc(name), data=b"\0" * size)


@cache
def rpc(name: str) -> Rpc:
    return next(each for each in load_contract().rpcs if each.name == name)


def kinds(asked: Request, **answer: str) -> list[str]:
    return [each.kind for each in faults_in(asked, Answer(**answer))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "answer", "expected"),
    [
        ("FlowService/GetFlow", {"code": "OK"}, []),
        ("FlowService/GetFlow", {"code": "NOT_FOUND", "reason": "FLOW_NOT_FOUND"}, []),
        ("FlowService/GetFlow", {"code": "NOT_FOUND"}, ["NO REASON"]),
        ("FlowService/GetFlow", {"code": "INTERNAL", "reason": "INTERNAL"}, ["INTERNAL"]),
        ("FlowService/GetFlow", {"code": "UNKNOWN"}, ["UNKNOWN"]),
        ("FlowService/GetFlow", {"code": "UNAVAILABLE", "reason": "x"}, ["UNAVAILABLE"]),
        ("FlowService/GetFlow", {"code": "DEADLINE_EXCEEDED"}, ["HANG"]),
        ("LeaseService/Renew", {"code": "DEADLINE_EXCEEDED"}, []),
        ("LeaseService/Renew", {"code": "HANG"}, ["HANG"]),
        ("Health/Check", {"code": "NOT_FOUND"}, []),
        (
            "FlowService/GetFlow",
            {"code": "INVALID_ARGUMENT", "reason": "x", "text": "a TypeError came"},
            ["FOREIGN WORDS"],
        ),
    ],
)
def test_an_answer_is_judged(name: str, answer: dict[str, str], expected: list[str]) -> None:
    assert kinds(request(name), **answer) == expected


def test_only_what_grpc_cuts_off_lacks_a_reason() -> None:
    answer = {"code": "RESOURCE_EXHAUSTED"}
    assert kinds(request("FlowService/GetFlow", size=9 << 20), **answer) == []
    assert kinds(request("FlowService/GetFlow", size=5 << 20), **answer) == ["NO REASON"]


def test_grpc_itself_may_say_internal_to_what_is_no_grpc() -> None:
    raw = Request(number=1, kind="http/2", rpc=None, data=b"")

    def judged(code: str, text: str, *, keeps_rules: bool) -> list[str]:
        answer = Answer(code=code, text=text)
        return [each.kind for each in faults_in_raw(raw, answer, keeps_rules=keeps_rules)]

    assert judged("INTERNAL", "Error parsing", keeps_rules=False) == []
    assert judged("INTERNAL", "Error parsing", keeps_rules=True) == ["INTERNAL"]
    assert judged("INTERNAL", "a bug in the server", keeps_rules=False) == ["INTERNAL"]
    assert judged("UNKNOWN", "", keeps_rules=False) == ["UNKNOWN"]


def test_a_traceback_in_a_log_is_named_by_its_place() -> None:
    [fault] = faults_in_log(TRACE)
    assert (fault.kind, fault.target) == ("TRACEBACK", "write in flow.py")
    assert fault.text == "ValueError: no value 17"
    [other] = faults_in_log(TRACE.replace("17", "18"))
    assert fault.alike == other.alike
    assert list(faults_in_log("INFO all is well\n")) == []


def test_what_is_raised_in_a_group_is_found_inside() -> None:
    [fault] = faults_in_log(GROUP)
    assert (fault.target, fault.text) == ("named in wire.py", "penstock.errors.Gone: it is 5")


def test_memory_may_grow_so_far() -> None:
    began = {"state": 100}
    assert list(faults_in_memory(began, {"state": 100 + MOST_GROWTH, "new": 1 << 40})) == []
    [fault] = faults_in_memory(began, {"state": 101 + MOST_GROWTH})
    assert (fault.kind, fault.target) == ("MEMORY", "state")
