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
        ({"timeout": "5"}, TypeError, "run_deployment's timeout must be a number, not '5'"),
        ({"timeout": True}, TypeError, "timeout must be a number, not True"),
        ({"timeout": timedelta(1)}, TypeError, r"use its total_seconds\(\)"),
        (
            {"name": "etl"},
            ValueError,
            "'etl' is not a valid deployment: write 'flow name/deploym",
        ),
        ({"name": ""}, ValueError, "'' is not a valid deployment"),
        ({"name": "a/b/c"}, ValueError, "'a/b/c' is not a valid deployment"),
        ({"name": "/b"}, ValueError, "'/b' is not a valid deployment"),
        ({"name": None}, TypeError, "must be given by its name or its id, not by None"),
        ({"parameters": [1]}, TypeError, r"a dict of arguments by name, not \[1\]"),
        ({"parameters": {1: 2}}, TypeError, "the names of parameters must be strings, not 1"),
        ({"parameters": {"": 2}}, TypeError, "the names of parameters must be strings, not ''"),
        ({"flow_run_name": 7}, TypeError, "flow_run_name must be a string, not 7"),
        ({"idempotency_key": 7}, TypeError, "idempotency_key must be a string, not 7"),
        (
            {"tags": "nightly"},
            TypeError,
            r"tags must be a list of strings: write \['nightly'\]",
        ),
        (
            {"scheduled_time": "8:00"},
            TypeError,
            "scheduled_time must be a datetime, not '8:00'",
        ),
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
