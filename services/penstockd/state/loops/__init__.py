"""Background duties, each a tick."""
