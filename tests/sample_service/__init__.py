"""A service of its own for the tests of the database: a shelf of things."""

from pathlib import Path

from penstockd.database.schemas import Schema

SCHEMA = Schema(service="sample", folder=Path(__file__).parent / "migrations")
