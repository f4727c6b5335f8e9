"""Every constant statement of the artifact service; `make gen` writes their texts."""
