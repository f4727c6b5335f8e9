"""How much of a resource a list or a watch shows."""

from __future__ import annotations

from penstock.api.type.v1.view_pb2 import VIEW_BASIC, VIEW_FULL, View


def view(*, full: bool) -> View.ValueType:
    """Return the view; only in full does it have what may be large."""
    return VIEW_FULL if full else VIEW_BASIC
