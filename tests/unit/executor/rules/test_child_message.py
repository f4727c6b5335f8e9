import json
from base64 import b64decode
from datetime import timedelta

from penstockd.executor.rules.child_message import cancel_message, work_message
from penstockd.executor.rules.work import Payload
from unit.executor.builders import a_work


def test_work_is_one_line_of_json() -> None:
    work = a_work(parameters=Payload(content_type="application/json", inline=b'{"a":\n1}'))
    line = work_message(work, traceparent="00-a-b-01")
    assert line.index(b"\n") == len(line) - 1
    said = json.loads(line)
    assert (said["fence"], said["traceparent"]) == (work.lease.fence, "00-a-b-01")
    assert b64decode(said["parameters"]["inline"]) == b'{"a":\n1}'


def test_large_parameters_are_named_by_digest() -> None:
    payload = Payload(
        content_type="application/x-cloudpickle", sha256=b"\xab" * 32, size=70_000
    )
    said = json.loads(work_message(a_work(parameters=payload), traceparent=""))
    assert said["parameters"] == {
        "content_type": "application/x-cloudpickle",
        "sha256": "ab" * 32,
        "size": 70_000,
    }


def test_a_cancel_says_why_and_how_long() -> None:
    said = json.loads(cancel_message("enough", timedelta(seconds=5)))
    assert said == {"cancel": {"message": "enough", "grace_seconds": 5.0}}
