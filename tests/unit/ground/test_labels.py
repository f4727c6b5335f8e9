"""Names and tags are what every service takes, and are refused where they are chosen."""

import pytest

from penstock import flow, tags, task
from penstock.ground.labels import checked_name

GOOD = ["a", "x" * 255, "Täglicher Import 7", "日次", "<lambda>", "a.b-c_d", "no\u00a0break"]
BAD = {
    "x" * 256: "1 to 255 characters",
    "a/b": "slash",
    " a": "space",
    "a ": "space",
    "\u3000a": "space",
    "a\0": "cannot be printed",
    "a\nb": "cannot be printed",
    "a\u2028b": "cannot be printed",
    "a\u200bb": "cannot be printed",
    "\ud800": "cannot be printed",
}


@pytest.mark.parametrize("name", GOOD)
def test_what_can_be_printed_is_a_name(name: str) -> None:
    assert checked_name("a flow's name", name) == name


@pytest.mark.parametrize(("name", "why"), BAD.items(), ids=map(ascii, BAD))
def test_what_no_service_takes_is_refused_with_its_reason(name: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"a task's name .*{why}"):
        task(name=name)(print)
    with pytest.raises(ValueError, match=f"a flow's name .*{why}"):
        flow(name=name)(print)
    with pytest.raises(ValueError, match=f"a deployment's name .*{why}"):
        flow(name="fine")(print).deploy(name, "a-pool")


def test_a_name_is_text() -> None:
    with pytest.raises(TypeError, match="a task's name must be a string"):
        task(name=7)(print)  # type: ignore[call-overload]


def test_a_tag_that_is_no_text_is_told() -> None:
    with pytest.raises(TypeError, match=r"^a tag must be a string, not 5$"), tags(5):  # type: ignore[arg-type]
        pass
    with pytest.raises(TypeError, match=r"^a flow's name must be a string, not 7$"):
        flow(name=7)(print)  # type: ignore[call-overload]


def test_a_name_with_a_control_character_is_refused_where_it_is_given() -> None:
    for decorator, what in ((flow, "flow"), (task, "task")):
        with pytest.raises(
            ValueError, match=f"^a {what}'s name contains a character that cannot be printed"
        ):
            decorator(name="two\nlines")(print)


@pytest.mark.parametrize("label", ["", "x" * 201, "\ud800"])
def test_a_tag_that_cannot_be_kept_is_refused_where_it_is_written(label: str) -> None:
    with pytest.raises(ValueError, match="a tag"), tags(label):
        pass
    with pytest.raises(ValueError, match="a tag"):
        task(tags=[label])(print)
