"""Checks what import-linter cannot say: where a library, clock, thread or name may appear."""

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from tools.source_tree import SDK, SERVER, Finding, Module, modules, report

ROOT = Path(__file__).resolve().parent.parent
LAZY_IMPORTS = "tools/lazy_imports.txt"
WIRE = ("grpc", "grpc_health", "grpc_reflection", "google", "penstock.api")
WIRE_HOMES = ("servicers", "chassis", "assembly", "client")
SQL = ("sqlalchemy", "alembic")
SQL_HOMES = ("store", "database", "migrations")
# Values alone, of messages that all services share.
SHARED_VALUES = "penstockd.chassis.payload"
RULES_MAY_ALSO_IMPORT = {
    f"{SERVER}/scheduler/rules/calendar.py": ("cronsim", "dateutil"),
    f"{SERVER}/scheduler/rules/meta_schema.py": ("jsonschema_rs",),
}
BANNED_NAMES = {"common", "utils", "helpers", "base", "core", "manager", "misc"}
THREADS = ("threading", "concurrent.futures", "multiprocessing.pool")
# Calls by their last two names; the loop's own clock and an injected one are free.
WALL_CLOCKS = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.time",
    "time.time_ns",
}
CLOCKS_AND_THREADS = WALL_CLOCKS | {
    "asyncio.to_thread",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.sleep",
}
# A service has one reader of them; the SDK tells people the time, reads theirs, and makes ids.
WALL_CLOCK_HOMES = (
    f"{SERVER}/chassis/clock.py",
    f"{SDK}/states.py",
    f"{SDK}/ground/ids.py",
    f"{SDK}/engine/contexts.py",
    f"{SDK}/engine/flows/subflows.py",
    f"{SDK}/engine/tasks/gate.py",
    f"{SDK}/engine/tasks/task_calls.py",
    f"{SDK}/cli/output.py",
    f"{SDK}/cli/times.py",
)


COMMANDS = f"{SDK}/cli/"
# `printing` escapes whatever is printed; `streams` is what it prints to.
PRINTERS = (f"{COMMANDS}printing.py", f"{COMMANDS}streams.py")
PRINTING = {
    "click.echo",
    "click.secho",
    "click.style",
    "print",
    "sys.stderr",
    "sys.stdout",
    "traceback.print_exc",
    "traceback.print_exception",
}


class Imported(NamedTuple):
    name: str
    line: int
    deferred: bool


def check(root: Path) -> list[Finding]:
    everything = list(modules(root, SDK, SERVER))
    checks: tuple[Callable[[Module], Iterable[Finding]], ...] = (
        wire_stays_at_the_edge,
        sql_stays_in_stores,
        rules_are_pure,
        usecases_see_only_the_port,
        no_clock_or_thread,
        nobody_decides_by_a_wall_clock,
        names_say_something,
        commands_print_in_one_place,
    )
    found = [one for module in everything for check in checks for one in check(module)]
    return found + list(deferred_imports_are_listed(everything, root))


def wire_stays_at_the_edge(module: Module) -> Iterator[Finding]:
    path = module.path
    if any(part in WIRE_HOMES or "wire" in part for part in _names(module)):
        return
    for imported in imports(module.tree):
        if _within(imported.name, WIRE) or "_pb2" in imported.name:
            yield Finding(
                path=path,
                line=imported.line,
                message=f"{imported.name} is for servicers, wiring, chassis, assembly, "
                "penstock.client and modules with `wire` in their name only",
            )


def sql_stays_in_stores(module: Module) -> Iterator[Finding]:
    if module.in_server and any(part in SQL_HOMES for part in _names(module)):
        return
    for imported in imports(module.tree):
        if _within(imported.name, SQL):
            yield Finding(
                path=module.path,
                line=imported.line,
                message=f"{imported.name} is for store, database and migrations only",
            )


def rules_are_pure(module: Module) -> Iterator[Finding]:
    if module.layer != "rules":
        return
    allowed = (
        *sys.stdlib_module_names,
        f"penstockd.{module.service}.rules",
        SHARED_VALUES,
        *RULES_MAY_ALSO_IMPORT.get(str(module.path), ()),
    )
    for imported in imports(module.tree):
        if not _within(imported.name, allowed):
            yield Finding(
                path=module.path,
                line=imported.line,
                message=f"rules import the standard library and {SHARED_VALUES} only, "
                f"not {imported.name}",
            )


def usecases_see_only_the_port(module: Module) -> Iterator[Finding]:
    """Time, ids and stores are handed in; `….store` and `….store.ports` are the port."""
    if module.layer != "usecases":
        return
    store = f"penstockd.{module.service}.store"
    for imported in imports(module.tree):
        module_name = imported.name.rpartition(".")[0]
        of_port = module_name == store or _within(module_name, (f"{store}.ports",))
        if _within(imported.name, ("penstockd.database",)) or (
            _within(module_name, (store,)) and not of_port
        ):
            yield Finding(
                path=module.path,
                line=imported.line,
                message=f"use cases know the port {store}, not {module_name}",
            )


def no_clock_or_thread(module: Module) -> Iterator[Finding]:
    if not module.in_server or module.service in (None, "chassis", "database"):
        return
    for imported in imports(module.tree):
        if _within(imported.name, (*THREADS, *CLOCKS_AND_THREADS)):
            message = f"{imported.name}: threads and clocks live in chassis and database"
            yield Finding(path=module.path, line=imported.line, message=message)
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr == "run_in_executor" or _last_two(node) in CLOCKS_AND_THREADS:
            message = f"{_last_two(node)}: the clock and the executor are handed in by wiring"
            yield Finding(path=module.path, line=node.lineno, message=message)


def nobody_decides_by_a_wall_clock(module: Module) -> Iterator[Finding]:
    if str(module.path) in WALL_CLOCK_HOMES:
        return
    imported = [(it.name, it.line) for it in imports(module.tree) if it.name in WALL_CLOCKS]
    read = [
        (_last_two(node), node.lineno)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and _last_two(node) in WALL_CLOCKS
    ]
    for name, line in imported + read:
        message = f"{name}: a wait is a duration by a monotonic clock (ADR 0014)"
        yield Finding(path=module.path, line=line, message=message)


def names_say_something(module: Module) -> Iterator[Finding]:
    for name in _names(module):
        if name in BANNED_NAMES:
            message = f"`{name}` does not say what the module decides or keeps"
            yield Finding(path=module.path, line=1, message=message)


def commands_print_in_one_place(module: Module) -> Iterator[Finding]:
    path = str(module.path)
    if not path.startswith(COMMANDS) or path in PRINTERS:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            name = _last_two(node)
        elif isinstance(node, ast.Name):
            name = node.id
        else:
            continue
        if name in PRINTING:
            message = f"{name}: commands print by penstock.cli.printing, which escapes it"
            yield Finding(path=module.path, line=node.lineno, message=message)


def deferred_imports_are_listed(everything: Iterable[Module], root: Path) -> Iterator[Finding]:
    listed = _lazy_imports(root)
    for module in everything:
        deferred = [imported for imported in imports(module.tree) if imported.deferred]
        if deferred and str(module.path) not in listed:
            first = deferred[0]
            message = (
                f"import of {first.name} inside a function: move it up, or list {LAZY_IMPORTS}"
            )
            yield Finding(path=module.path, line=first.line, message=message)
        if not deferred and str(module.path) in listed:
            message = f"defers no import any more: take it out of {LAZY_IMPORTS}"
            yield Finding(path=module.path, line=1, message=message)
    for path in listed:
        if not (root / path).is_file():
            message = f"{path} is not there any more: take it out"
            yield Finding(path=PurePosixPath(LAZY_IMPORTS), line=1, message=message)


def imports(tree: ast.Module) -> Iterator[Imported]:
    """Each imported name in full (`penstock.errors.LeaseLost` for a from-import)."""
    functions = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    inside = {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        deferred = id(node) in inside
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Imported(alias.name, node.lineno, deferred)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield Imported(f"{node.module}.{alias.name}", node.lineno, deferred)


def _within(name: str, packages: Iterable[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _names(module: Module) -> Iterator[str]:
    """The path's names below the root package: `state`, `rules`, `flow_run`."""
    home = SDK if module.in_sdk else SERVER
    yield from module.path.relative_to(home).with_suffix("").parts


def _last_two(node: ast.Attribute) -> str:
    match node.value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return f"{name}.{node.attr}"
    return node.attr


def _lazy_imports(root: Path) -> dict[str, str]:
    file = root / LAZY_IMPORTS
    lines = file.read_text().splitlines() if file.exists() else []
    entries = (line.partition(":") for line in lines if line.strip() and line[0] != "#")
    return {path.strip(): reason.strip() for path, _, reason in entries}


if __name__ == "__main__":
    sys.exit(
        report(check(ROOT), "layers: every library, clock, thread and name is in its place")
    )
