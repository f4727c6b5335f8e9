"""Pure decisions: what a run's child is doing, and how it is stopped."""
