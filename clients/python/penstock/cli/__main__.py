"""`penstock`: the command line."""

from __future__ import annotations

from penstock.cli.exits import EXPLAINED, told_errors
from penstock.cli.lazy_group import LazyGroup

HELP = """Penstock runs flows and shows what happened.

Without an address everything happens in this process, over the store in your data folder.
Set PENSTOCK_ADDRESS=host:port to talk to a server, such as one of `penstock up`.
"""


def main() -> None:
    command = LazyGroup(name="penstock", help=HELP, epilog=EXPLAINED, context_settings=CONTEXT)
    with told_errors():
        command(prog_name="penstock")


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

if __name__ == "__main__":
    main()
