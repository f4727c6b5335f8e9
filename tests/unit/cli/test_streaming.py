"""What is listed is printed as it comes: a page that is not there takes none before it away."""

import json
from typing import Any

import pytest
from google.protobuf.message import Message

from fixtures_cli import Penstock
from penstock.errors import Unavailable
from unit.cli.every_command import ID
from unit.cli.invented import Inventing
from unit.cli.services import Services

LISTS = [
    ["deployment", "ls"],
    ["flow-run", "ls", "--limit", "1000"],
    ["flow-run", "logs", ID],
    ["pool", "ls"],
    ["pool", "workers", "p"],
]


class Breaking(Inventing):
    """Has more to list than it can answer."""

    def unary_unary(self, path: str, **options: Any) -> Any:
        answered = super().unary_unary(path, **options)

        async def call(request: Any, **said: Any) -> Message:
            if getattr(request, "page_token", ""):
                raise Unavailable("it is gone")
            answer: Any = await answered(request, **said)
            if "next_page_token" in answer.DESCRIPTOR.fields_by_name:
                answer.next_page_token = "more"
            return answer  # type: ignore[no-any-return]

        return call


@pytest.mark.parametrize("call", LISTS, ids=" ".join)
def test_a_page_is_printed_before_the_next_is_asked_for(
    penstock: Penstock, services: Services, call: list[str]
) -> None:
    services(Breaking("first-page"))
    answer = penstock(*call)
    assert (answer.code, answer.err) == (69, "penstock: it is gone\n")
    assert "first-page" in answer.out
    answer = penstock(*call, "-o", "json")
    assert answer.code == 69
    [opening, item] = answer.out.splitlines()
    assert (opening, "first-page" in json.dumps(json.loads(item))) == ("[", True)


def test_inspect_prints_task_runs_as_they_come(penstock: Penstock, services: Services) -> None:
    services(Breaking("first-page"))
    answer = penstock("flow-run", "inspect", ID, "-o", "json")
    assert answer.code == 69
    assert json.loads(answer.out.splitlines()[-1])["name"] == "first-page"
