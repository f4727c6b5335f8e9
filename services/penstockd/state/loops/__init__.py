"""Background loops, each a tick."""
