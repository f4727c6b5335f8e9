"""Groups of commands whose code is loaded when they are called, and not before."""

from __future__ import annotations

from importlib import import_module

import click

from penstock.cli.commands import COMMANDS, GROUPS


class LazyGroup(click.Group):
    """The commands whose path begins with `prefix`."""

    def __init__(self, *, prefix: str = "", **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._prefix = f"{prefix} " if prefix else ""

    def list_commands(self, _context: click.Context) -> list[str]:
        inside = (
            path.removeprefix(self._prefix)
            for path in COMMANDS
            if path.startswith(self._prefix)
        )
        return list(dict.fromkeys(name.partition(" ")[0] for name in inside))

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        path = self._prefix + name
        if path in GROUPS:
            return LazyGroup(prefix=path, name=name, help=GROUPS[path])
        if path not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[path].target.partition(":")
        command: click.Command = getattr(import_module(f"penstock.cli.{module}"), attribute)
        command.name, command.help = name, command.help or COMMANDS[path].help
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self._short_help(name)) for name in self.list_commands(context)]
            )

    def _short_help(self, name: str) -> str:
        path = self._prefix + name
        return GROUPS.get(path) or COMMANDS[path].help
