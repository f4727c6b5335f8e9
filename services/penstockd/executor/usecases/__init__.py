"""What the executor does with a run: start it, watch it, stop it, tell how it ended."""
