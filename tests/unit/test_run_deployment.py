"""What `run_deployment` is asked for is checked before anybody is asked."""

import math
from datetime import datetime, timedelta
from typing import Any

import pytest

from penstock import run_deployment
from penstock.exceptions import UnsupportedKeyword


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"timeout": -1}, ValueError, "timeout cannot be -1: 0 does not wait, and None waits"),
        ({"timeout": math.nan}, ValueError, "timeout cannot be nan"),
        ({"timeout": "5"}, TypeError, "run_deployment's timeout is a number, not '5'"),
        ({"timeout": True}, TypeError, "timeout is a number, not True"),
        ({"timeout": timedelta(1)}, TypeError, r"write its total_seconds\(\)"),
        ({"name": "etl"}, ValueError, "'etl' names no deployment: write 'flow name/deploym"),
        ({"name": ""}, ValueError, "'' names no deployment"),
        ({"name": "a/b/c"}, ValueError, "'a/b/c' names no deployment"),
        ({"name": "/b"}, ValueError, "'/b' names no deployment"),
        ({"name": None}, TypeError, "named by text or its id, not by None"),
        ({"parameters": [1]}, TypeError, r"a dict of arguments by name, not \[1\]"),
        ({"parameters": {1: 2}}, TypeError, "parameters have names, and 1 is none"),
        ({"parameters": {"": 2}}, TypeError, "parameters have names, and '' is none"),
        ({"flow_run_name": 7}, TypeError, "flow_run_name is text, not 7"),
        ({"idempotency_key": 7}, TypeError, "idempotency_key is text, not 7"),
        ({"tags": "nightly"}, TypeError, r"tags are a list of texts: write \['nightly'\]"),
        ({"scheduled_time": "8:00"}, TypeError, "scheduled_time is a datetime, not '8:00'"),
        ({"scheduled_time": datetime(2026, 1, 1)}, ValueError, "has no time zone"),  # noqa: DTZ001
        ({"timeuot": 1}, UnsupportedKeyword, "support timeuot: did you mean timeout"),
        ({"as_subflow": False}, UnsupportedKeyword, "as_subflow is not in this version"),
    ],
)
def test_what_it_cannot_mean_is_refused_with_what_to_write(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run_deployment(**{"name": "etl/nightly", **options})
