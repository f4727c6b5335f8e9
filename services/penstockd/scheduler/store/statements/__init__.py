"""Every constant statement of the scheduler; `make gen` writes their texts."""
