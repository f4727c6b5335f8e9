"""The one composition root: which services, over which channels, on which stores."""

from penstockd.assembly.embedded import Embedded, is_unfit, open_embedded, owner_address

__all__ = ["Embedded", "is_unfit", "open_embedded", "owner_address"]
