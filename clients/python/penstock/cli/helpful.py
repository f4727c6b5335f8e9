"""Commands that print their help as everything else is printed."""

from __future__ import annotations

import click

from penstock.cli.prefect_words import about_option
from penstock.cli.printing import put_all
from penstock.ground.addresses import is_utf8


class Helpful(click.Command):
    """A command whose help goes through `put`: click's own printing knows no lost output."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _show_help
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            rest = super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if said := about_option(error.option_name):
                raise click.UsageError(said, ctx) from None
            raise
        for parameter in self.params:
            if parameter.type is click.STRING:
                _check_texts(ctx, parameter)
        return rest


def _check_texts(context: click.Context, parameter: click.Parameter) -> None:
    """Refuse bytes in another encoding, which Python carries as halves of characters."""
    value = context.params.get(parameter.name or "")
    for text in value if isinstance(value, tuple) else (value,):
        # An option's callback may have made something else of it.
        if isinstance(text, str) and not is_utf8(text):
            raise click.BadParameter(f"{text!r} is not valid UTF-8", context, parameter)


def _show_help(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        put_all([line] for line in context.get_help().split("\n"))
        context.exit()
