"""Pure decisions: what a process under a run is doing, and how it is stopped."""
