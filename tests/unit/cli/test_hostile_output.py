"""Whatever services say, no command lets it steer a terminal, forge a line or break JSON."""

import json
from typing import Any
from unicodedata import category

import pytest

from fixtures_cli import Answer, Penstock
from penstock.errors import FlowRunNotFound
from unit.cli.every_command import ENDLESS, EVERY_CALL
from unit.cli.invented import Inventing
from unit.cli.services import Services
from unit.client.channels import Answering

HOSTILE = (
    "a\x1b[2Jb\x1b[31mc\x1b]0;title\x07\x1b]8;;http://x\x1b\\d\x9b2J\r\nFORGED line\n"
    "FORGED\x0bFORGED\x85FORGED\u2028FORGED \u202egnp\u2066\u200b\ufeff\U000e0041\x00\t\x7f"
)
STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("call", EVERY_CALL, ids=" ".join)
def test_nothing_steers_the_terminal_or_forges_a_line(
    penstock: Penstock, services: Services, call: list[str]
) -> None:
    services(Inventing(HOSTILE))
    answer = penstock(*call)
    assert answer.code in (0, 1, 2), answer.err
    assert_harmless(answer)


@pytest.mark.parametrize("call", EVERY_CALL, ids=" ".join)
def test_json_is_json_and_says_it_all(
    penstock: Penstock, services: Services, call: list[str]
) -> None:
    services(Inventing(HOSTILE))
    answer = penstock(*call, "-o", "json")
    assert answer.code in (0, 1, 2), answer.err
    assert_harmless(answer)
    streamed = ENDLESS & {*call}
    values = answer.lines if streamed else [answer.json]
    if call[0] in ("flow-run", "deployment", "pool") and call != ["flow-run", "count"]:
        assert any(HOSTILE in texts_of(value) for value in values)


@pytest.mark.parametrize("call", [it for it in EVERY_CALL if not ENDLESS & {*it}], ids=" ".join)
@pytest.mark.parametrize("form", ["table", "json"])
def test_what_is_left_out_of_an_answer_is_no_bug(
    penstock: Penstock, services: Services, call: list[str], form: str
) -> None:
    services(Inventing("", empty=True))
    answer = penstock(*call, "-o", form)
    nothing_kept = [4] if call[0] == "result" else []
    assert answer.code in (0, 1, 2, *nothing_kept), answer.err
    assert "bug in Penstock" not in answer.err


@pytest.mark.parametrize("call", EVERY_CALL, ids=" ".join)
def test_an_error_of_a_service_is_shown_escaped(
    penstock: Penstock, services: Services, call: list[str]
) -> None:
    services(Refusing())
    answer = penstock(*call)
    assert answer.code in ((0, 1) if call[0] in ("doctor", "version") else (4,)), answer.err
    assert_harmless(answer)


def test_what_a_person_types_is_shown_escaped(penstock: Penstock) -> None:
    for call in ([HOSTILE], ["flow-run", HOSTILE], ["run", f"{HOSTILE}.py:x"]):
        answer = penstock(*call)
        assert answer.code == 2
        assert_harmless(answer)


class Refusing(Answering):
    """Refuses every call in the same words."""

    def _answer(self, _path: str, _request: Any) -> Any:
        raise FlowRunNotFound(HOSTILE)


def assert_harmless(answer: Answer) -> None:
    for line in (answer.out + answer.err).split("\n"):
        assert not [it for it in line if category(it) in STEERING], line
        assert not line.startswith("FORGED")


def texts_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(text for each in value.values() for text in texts_of(each))}
    if isinstance(value, list):
        return {text for each in value for text in texts_of(each)}
    return {value} if isinstance(value, str) else set()


def test_the_text_has_every_kind_that_steers() -> None:
    assert {category(it) for it in HOSTILE} >= STEERING - {"Cs", "Zp"}
    assert json.loads(json.dumps(HOSTILE)) == HOSTILE
