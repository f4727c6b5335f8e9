"""How calls of flows and tasks become runs: attempts, final states, propagation, undoing."""
