"""Where the artifact service keeps bytes and the rows that name them, by the ports in `ports`.

Bytes and rows do not commit together, so each resource has a store of its own.
"""

from penstockd.database.request_log import Intent

__all__ = ["Intent"]
