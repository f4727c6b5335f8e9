"""From which level runs log."""

import pytest

from penstock.engine.run_logging import logging_level
from penstock.exceptions import ConfigurationError


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ("10", 10),
        ("debug", 10),
        (" Info ", 20),
        ("WARN", 30),
        ("", 20),
        # Of Python's own meaning, which is "as the root logger", people know nothing.
        ("0", 1),
        ("NOTSET", 1),
    ],
)
def test_a_level_is_a_name_or_a_number(
    monkeypatch: pytest.MonkeyPatch, given: str, level: int
) -> None:
    monkeypatch.setenv("PENSTOCK_LOGGING_LEVEL", given)
    assert logging_level() == level


@pytest.mark.parametrize("given", ["loud", "-1", "1.5", "²"])
def test_a_level_that_does_not_exist_is_answered_with_those_that_do(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("PENSTOCK_LOGGING_LEVEL", given)
    with pytest.raises(ConfigurationError) as refused:
        logging_level()
    assert str(refused.value) == (
        f"PENSTOCK_LOGGING_LEVEL={given} is not a valid level: set it to DEBUG, INFO, WARNING, "
        "ERROR, CRITICAL, or a number such as 10"
    )
