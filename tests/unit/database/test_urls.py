from pathlib import Path

import pytest

from penstock.errors import InvalidArgument
from penstockd.database.urls import dialect_of, shown, sqlite_path, sqlite_url


@pytest.mark.parametrize("path", ["store.db", "/var/a b/100%#1?.db", "/ü/penstock.db"])
def test_a_file_of_any_name_has_a_url(path: str) -> None:
    assert sqlite_path(sqlite_url(Path(path))) == Path(path)


@pytest.mark.parametrize("url", ["sqlite:", "sqlite:///", "sqlite://host/file"])
def test_a_url_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(InvalidArgument, match="has no file"):
        sqlite_path(url)


def test_another_make_of_database_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="postgresql://"):
        dialect_of("mysql://host/database")


PASSWORDS = [
    "postgresql+asyncpg://me:SECRET@host/penstock",
    "postgresql://me:SECRET@host:bad/penstock",
    "postgresql://me:SECRET@host:99999/penstock",
    "postgresql://me:SECRET@host:1,other:x/penstock",
    "postgresql://me:SE/CRET@host/penstock",
    "postgresql://me:1/SECRET@host/penstock",
    "postgresql://me:1?SECRET@host/penstock",
    "postgresql://me:1#SECRET@host/penstock",
    "postgresql://me:SECRET@[::1/penstock",
    "postgresql://me:SECRET",
    "postgresql://host/penstock?password=SECRET@1",
    "postgres:SECRET@host",
    "mysql://me:SECRET@host/penstock",
    "me:SECRET@host/penstock",
    "sqlite-me:SECRET@host",
]


@pytest.mark.parametrize("url", PASSWORDS)
def test_a_url_that_is_refused_shows_no_password(url: str) -> None:
    with pytest.raises(InvalidArgument) as told:
        dialect_of(url)
    assert "SECRET" not in str(told.value)
    assert "CRET" not in str(told.value)
    assert told.value.__cause__ is None


@pytest.mark.parametrize("url", ["sqlite:SECRET@", "sqlite://me:SECRET@host/file"])
def test_a_file_that_is_none_shows_no_password(url: str) -> None:
    with pytest.raises(InvalidArgument, match="has no file") as told:
        sqlite_path(url)
    assert "SECRET" not in str(told.value)


def test_a_driver_in_the_scheme_is_said_to_be_too_much() -> None:
    with pytest.raises(InvalidArgument, match=r"without \+asyncpg"):
        dialect_of("postgresql+asyncpg://host/penstock")


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("postgresql://me:SECRET@host:5432/penstock", "postgresql://host:5432/penstock"),
        ("postgres://me@/penstock?host=/run/pg&password=SECRET", "postgres:///penstock"),
        ("postgresql://a:1,b:2/penstock", "postgresql://a:1,b:2/penstock"),
        ("postgresql://me:SE%2FCRET@[::1]:5432/penstock", "postgresql://[::1]:5432/penstock"),
    ],
)
def test_hosts_and_database_are_shown(url: str, seen: str) -> None:
    assert dialect_of(url) == "postgresql"
    assert shown(url) == seen
