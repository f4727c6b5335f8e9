"""The checks read what people write, and only that."""

from pathlib import Path

from tools.source_tree import modules


def paths(root: Path) -> list[str]:
    return [
        str(module.path) for module in modules(root, "services/penstockd", "clients/python")
    ]


def test_generated_modules_are_left_out(tmp_path: Path) -> None:
    written = (
        "clients/python/penstock/flows.py",
        "services/penstockd/state/store/flow.py",
        "services/penstockd/state/store/statements/flow.py",
        "services/penstockd/state/migrations/versions/0001_first.py",
    )
    generated = (
        "clients/python/penstock/api/state/v1/flow_pb2.py",
        "services/penstockd/executor/store/statement_texts.py",
        "services/penstockd/state/store/statement_texts/flow.py",
    )
    for path in (*written, *generated):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert sorted(paths(tmp_path)) == sorted(written)


def test_a_module_knows_its_service_and_layer(tmp_path: Path) -> None:
    for path in ("state/rules/flow.py", "executor/wiring.py"):
        file = tmp_path / "services/penstockd" / path
        file.parent.mkdir(parents=True)
        file.touch()
    places = {(it.service, it.layer) for it in modules(tmp_path, "services/penstockd")}
    assert places == {("state", "rules"), ("executor", "wiring")}
