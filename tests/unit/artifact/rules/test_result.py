from dataclasses import replace
from typing import Any

import pytest

from penstockd.artifact.rules.result import LeaseRef, says_the_same
from penstockd.chassis.payload import Payload
from unit.artifact.builders import DAY, NOON, a_result, an_id


def test_a_later_owner_may_say_it_again() -> None:
    published = a_result()
    again = replace(
        published,
        lease=LeaseRef(lease_id=an_id(), fence=2),
        traceparent="00-1",
        create_time=NOON + DAY,
    )
    assert says_the_same(published, again)


@pytest.mark.parametrize(
    "other",
    [
        {"flow_run_id": an_id()},
        {"payload": Payload(content_type="application/json", data=b"43")},
        {"payload": Payload(content_type="text/plain", data=b"42")},
    ],
)
def test_an_id_stands_for_one_result(other: dict[str, Any]) -> None:
    published = a_result()
    assert not says_the_same(published, replace(published, **other))
