"""Groups of commands whose code is loaded when they are called, and not before."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from penstock.cli.commands import COMMANDS, GROUPS
from penstock.cli.helpful import Helpful
from penstock.cli.prefect_words import about_command


class LazyGroup(Helpful, click.Group):
    """The commands whose path begins with `prefix`."""

    def __init__(self, *, prefix: str = "", **options: Any) -> None:
        super().__init__(**options)
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

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            if said := about_command(args[0]):
                raise click.UsageError(said, ctx=error.ctx) from None
            if near := get_close_matches(args[0], self.list_commands(context), n=1):
                hint = f"{error.message} Did you mean '{near[0]}'?"
                raise click.UsageError(hint, ctx=error.ctx) from None
            raise

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self._short_help(name)) for name in self.list_commands(context)]
            )

    def _short_help(self, name: str) -> str:
        path = self._prefix + name
        return GROUPS.get(path) or COMMANDS[path].help
