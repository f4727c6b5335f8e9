"""The one composition root: which services, over which channels, on which stores."""

from penstockd.assembly.embedded import Embedded, open_embedded, owner_address

__all__ = ["Embedded", "open_embedded", "owner_address"]
