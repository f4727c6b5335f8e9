"""Background loops that enforce retention."""
