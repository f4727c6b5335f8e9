"""What a command loads that asks the services."""

from pathlib import Path

from fixtures_cli import loaded


def test_a_list_loads_neither_rich_nor_sqlalchemy_nor_pydantic(tmp_path: Path) -> None:
    text = loaded(["flow-run", "ls"], tmp_path).rpartition("loaded: ")[2]
    assert set(text.split()).isdisjoint({"rich", "sqlalchemy", "pydantic"})
