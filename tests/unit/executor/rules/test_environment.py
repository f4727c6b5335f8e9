"""Children get what a program needs to run, and no secret of their executor."""

import pytest

from penstockd.executor.rules.environment import ChildEnvironment, child_environment


def passed(*names: str, patterns: tuple[str, ...] = ()) -> set[str]:
    made = child_environment(dict.fromkeys(names, "value"), patterns=patterns)
    assert sorted([*made.variables, *made.withheld]) == sorted(names)
    return set(made.variables)


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "TZ",
        "http_proxy",
        "HTTPS_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "REQUESTS_CA_BUNDLE",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "PENSTOCK_STATE_ADDRESS",
        "PENSTOCK_NAMESPACE",
    ],
)
def test_what_a_program_needs_is_passed(name: str) -> None:
    assert passed(name) == {name}


@pytest.mark.parametrize(
    "name",
    [
        "AWS_SECRET_ACCESS_KEY",
        "POSTGRES_PASSWORD",
        "PENSTOCK_EXECUTOR_SLOTS",
        "PENSTOCK_CONFIG",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "path",
    ],
)
def test_what_may_be_a_secret_is_withheld(name: str) -> None:
    assert passed(name) == set()


def test_patterns_of_the_executor_pass_more() -> None:
    names = ("AWS_REGION", "AWS_KEY", "TOKEN", "TOKENS")
    assert passed(*names, patterns=("AWS_*", "TOKEN")) == {"AWS_REGION", "AWS_KEY", "TOKEN"}


@pytest.mark.parametrize("pattern", ["*", "PENSTOCK_*", "PENSTOCK_DATABASE"])
def test_the_database_is_never_passed(pattern: str) -> None:
    assert passed("PENSTOCK_DATABASE", patterns=(pattern,)) == set()


def test_what_is_withheld_is_named_without_its_value() -> None:
    made = child_environment({"B_KEY": "s3cret", "A_KEY": "s3cret", "PATH": "/"}, patterns=())
    assert "A_KEY, B_KEY;" in made.note
    assert "s3cret" not in f"{made.note} {made!r}"


def test_where_nothing_is_withheld_nothing_is_said() -> None:
    assert ChildEnvironment(variables={"PATH": "/"}).note == ""
