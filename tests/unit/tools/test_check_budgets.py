"""Each budget lets the last allowed line pass and finds the next one."""

from pathlib import Path

import pytest

from tools.check_budgets import CLASS, FILE, FUNCTION, check


def found(root: Path, text: str) -> list[str]:
    file = root / "services/penstockd/state/rules/flow_run.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return [finding.message for finding in check(root)]


def a_file(lines: int) -> str:
    return "x = 1\n" * lines


def a_function(lines: int) -> str:
    return "def work():\n" + "    x = 1\n" * (lines - 1)


def a_class(lines: int) -> str:
    return "class Work:\n" + "    x = 1\n" * (lines - 1)


def a_constructor(collaborators: int) -> str:
    names = ", ".join(f"a{n}" for n in range(collaborators))
    return f"class Work:\n    def __init__(self, {names}, *, setting=1): ...\n"


def a_dataclass(
    fields: int, *, frozen: bool = False, method: str = "def work(self): ..."
) -> str:
    names = "".join(f"    a{n}: int\n" for n in range(fields))
    return (
        f"@dataclass(frozen={frozen})\nclass Work:\n{names}"
        f"    kind: ClassVar[str]\n    setting: int = 1\n    {method}\n"
    )


def test_an_empty_checkout_is_within_budget(tmp_path: Path) -> None:
    assert check(tmp_path) == []


@pytest.mark.parametrize(
    ("within", "over", "message"),
    [
        (a_file(FILE), a_file(FILE + 1), "lines in this file: 501"),
        (a_function(FUNCTION), a_function(FUNCTION + 1), "lines in work(): 61"),
        (a_class(CLASS), a_class(CLASS + 1), "lines in class Work: 301"),
        (a_constructor(4), a_constructor(5), "arguments that a constructor needs: 5"),
        (a_dataclass(4), a_dataclass(5), "fields that a class with behaviour needs: 5"),
    ],
)
def test_one_more_than_the_budget_is_found(
    tmp_path: Path, within: str, over: str, message: str
) -> None:
    assert found(tmp_path, within) == []
    (finding,) = found(tmp_path, over)
    assert finding.startswith(message)


@pytest.mark.parametrize(
    "method",
    [
        "",
        "@property\n    def total(self): ...",
        "@classmethod\n    def of(cls): ...",
        "def __post_init__(self): ...",
    ],
)
def test_a_value_has_as_many_fields_as_it_says(tmp_path: Path, method: str) -> None:
    assert found(tmp_path, a_dataclass(9, frozen=True, method=method)) == []


@pytest.mark.parametrize("method", ["def work(self): ...", "async def __call__(self): ..."])
def test_a_frozen_class_that_does_something_is_no_value(tmp_path: Path, method: str) -> None:
    assert len(found(tmp_path, a_dataclass(5, frozen=True, method=method))) == 1


def test_what_can_change_is_no_value(tmp_path: Path) -> None:
    assert len(found(tmp_path, a_dataclass(5, method=""))) == 1


def test_a_docstring_does_not_count(tmp_path: Path) -> None:
    explanation = '    """Explains.\n' + "    More.\n" * 40 + '    """\n'
    text = a_function(FUNCTION).replace(":\n", f":\n{explanation}", 1)
    assert found(tmp_path, text) == []


def test_a_long_async_function_is_found(tmp_path: Path) -> None:
    assert len(found(tmp_path, f"async {a_function(FUNCTION + 1)}")) == 1
