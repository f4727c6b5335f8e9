from pathlib import Path

import pytest

from penstock.errors import InvalidArgument
from penstockd.database.urls import dialect_of, sqlite_path, sqlite_url


@pytest.mark.parametrize("path", ["store.db", "/var/a b/100%#1?.db", "/ü/penstock.db"])
def test_a_file_of_any_name_has_a_url(path: str) -> None:
    assert sqlite_path(sqlite_url(Path(path))) == Path(path)


@pytest.mark.parametrize("url", ["sqlite:", "sqlite:///", "sqlite://host/file"])
def test_a_url_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(InvalidArgument, match="names no file"):
        sqlite_path(url)


def test_another_make_of_database_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="postgresql://"):
        dialect_of("mysql://host/database")
