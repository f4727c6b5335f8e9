from datetime import timedelta

from penstockd.scheduler.rules.deployment import joined_tags, with_spec
from unit.scheduler.builders import NOON, a_deployment, a_spec

LATER = NOON + timedelta(hours=1)


def test_another_spec_makes_the_next_version() -> None:
    before = a_deployment()
    after = with_spec(before, a_spec(max_retries=3), at=LATER)
    assert (after.id, after.version, after.update_time) == (before.id, 2, LATER)
    assert after.create_time == NOON


def test_the_same_spec_makes_no_version() -> None:
    deployment = a_deployment()
    assert with_spec(deployment, a_spec(), at=LATER) is deployment


def test_true_is_not_one() -> None:
    deployment = a_deployment(spec=a_spec(parameters='{"a":1}'))
    assert with_spec(deployment, a_spec(parameters='{"a":true}'), at=LATER).version == 2


def test_tags_are_joined_without_repetition() -> None:
    assert joined_tags(("a", "b"), ("b", "c")) == ("a", "b", "c")
