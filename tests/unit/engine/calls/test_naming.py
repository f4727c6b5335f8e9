"""A run is named by its author's template, or not at all."""

import pytest

from penstock import flow, task
from penstock.engine.calls.naming import flow_run_name, task_run_name


def pumps(litres: int, well: str = "north") -> None: ...


def test_a_template_is_filled_with_arguments_and_defaults() -> None:
    named = task(task_run_name="{litres} from {well}")(pumps)
    assert task_run_name(named, (4,), {}) == "4 from north"
    assert task_run_name(named, (), {"litres": 4, "well": "east"}) == "4 from east"


def test_a_flows_template_knows_the_flows_name_too() -> None:
    named = flow(name="pump", flow_run_name="{flow_name} {litres}")(pumps)
    assert flow_run_name(named, {"litres": 4, "well": "east"}) == "pump 4"


def test_a_function_names_each_run_anew() -> None:
    numbers = iter(range(2))
    named = task(task_run_name=lambda: f"run {next(numbers)}")(pumps)
    assert [task_run_name(named, (4,), {}) for _ in range(2)] == ["run 0", "run 1"]


def test_without_a_template_another_chooses() -> None:
    assert task_run_name(task(pumps), (4,), {}) == ""
    assert flow_run_name(flow(pumps), {"litres": 4}) == ""


def test_an_unknown_field_is_told_with_what_there_is() -> None:
    named = task(task_run_name="{place}")(pumps)
    with pytest.raises(
        ValueError, match=r"unknown placeholder \{place\}: known are litres, well"
    ):
        task_run_name(named, (4,), {})
