"""How what happens in a run is kept: in order, in batches, behind the caller."""
