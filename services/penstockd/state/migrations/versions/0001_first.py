"""The first schema, as `make gen` writes it from the tables."""

from pathlib import Path

from penstockd.database.upgrades import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_script(Path(__file__).parent.parent)
