"""Background duties: what was meant for a time only is forgotten."""
