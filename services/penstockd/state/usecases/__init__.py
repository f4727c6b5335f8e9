"""What may be done with each resource: load, judge, save, in one transaction."""
