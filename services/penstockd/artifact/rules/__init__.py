"""Pure decisions: what an upload may add, and which publication stands."""
