from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from penstockd.scheduler.rules.deployment import Deployment, changed_to, judge_names
from penstockd.scheduler.rules.refused import Refused
from penstockd.scheduler.rules.run_spec import for_one_run
from unit.scheduler.builders import NOON, a_deployment, a_spec, json_payload, json_value

LATER = NOON + timedelta(hours=1)


def the_next(deployment: Deployment, **changes: Any) -> Deployment:
    return changed_to(deployment, replace(deployment, update_time=LATER, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"spec": a_spec(flow_version="2")},
        {"spec": a_spec(labels={"team": "water"})},
        {"spec": a_spec(parameters={"a": json_payload("1")})},
        {"parameter_schema": json_value("{}")},
    ],
)
def test_what_matters_to_runs_makes_the_next_version(changes: dict[str, Any]) -> None:
    before = a_deployment()
    after = the_next(before, **changes)
    assert (after.id, after.version, after.revision) == (before.id, 2, 2)
    assert (after.create_time, after.update_time) == (NOON, LATER)


@pytest.mark.parametrize("changes", [{"spec": a_spec(tags=["wet"])}, {"description": "d"}])
def test_words_about_it_make_the_next_revision_only(changes: dict[str, Any]) -> None:
    after = the_next(a_deployment(), **changes)
    assert (after.version, after.revision, after.update_time) == (1, 2, LATER)


def test_what_says_nothing_new_changes_nothing() -> None:
    deployment = a_deployment()
    assert the_next(deployment, spec=a_spec()) is deployment


def test_true_is_not_one() -> None:
    deployment = a_deployment(spec=a_spec(parameters={"a": json_payload("1")}))
    changed = the_next(deployment, spec=a_spec(parameters={"a": json_payload("true")}))
    assert changed.version == 2


@pytest.mark.parametrize("name", ["", "a/b", " a", "a ", "a\tb", "x" * 256])
def test_a_name_that_could_not_be_asked_for_is_refused(name: str) -> None:
    for names, field in (((name, "daily"), "spec.flow_name"), (("spring", name), "name")):
        refused = judge_names(*names)
        assert refused is not None
        assert refused.field == field
    assert judge_names("spring", "every day") is None


def test_tags_are_joined_without_repetition_and_labels_by_key() -> None:
    spec = a_spec(tags=["a", "b"], labels={"x": "1", "y": "1"})
    run = for_one_run(spec, parameters={}, tags=("b", "c"), labels={"y": "2"})
    assert not isinstance(run, Refused)
    assert (run.tags, run.labels) == (("a", "b", "c"), {"x": "1", "y": "2"})
