"""`penstock completion`: what a shell sources so that Tab completes commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from penstock.cli.helpful import Helpful
from penstock.cli.printing import put_all

VARIABLE = "_PENSTOCK_COMPLETE"


@click.command(cls=Helpful)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that makes Tab complete commands and options.

    \b
    bash: eval "$(penstock completion bash)"   in ~/.bashrc
    zsh:  eval "$(penstock completion zsh)"    in ~/.zshrc
    fish: penstock completion fish | source    in ~/.config/fish/config.fish
    """
    kind = get_completion_class(shell)
    if kind is None:
        raise click.BadParameter(f"{shell!r} is not a supported shell")
    made = kind(context.find_root().command, {}, "penstock", VARIABLE)
    # Not `source()`: it starts a bash to ask for its version.
    text = made.source_template % made.source_vars()
    put_all([line] for line in text.strip().split("\n"))
