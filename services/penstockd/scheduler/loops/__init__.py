"""Background duties of the scheduler."""
