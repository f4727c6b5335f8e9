"""Background loops of the scheduler."""
