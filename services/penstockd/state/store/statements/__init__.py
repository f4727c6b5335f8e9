"""Every constant statement of the state service; `make gen` writes their texts."""
