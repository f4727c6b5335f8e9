"""`penstock`: the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from penstock.cli.exits import EXPLAINED, told
from penstock.cli.lazy_group import LazyGroup
from penstock.cli.streams import open_what_is_closed

HELP = """Penstock runs flows and shows what happened.

Without an address everything happens in this process, over the store in your data folder.
Set PENSTOCK_ADDRESS=host:port to talk to a server, such as one of `penstock up`.
"""
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    open_what_is_closed()
    penstock = LazyGroup(name="penstock", help=HELP, epilog=EXPLAINED, context_settings=CONTEXT)
    sys.exit(told(lambda: penstock.main(arguments, "penstock", standalone_mode=False)))


if __name__ == "__main__":
    main()
