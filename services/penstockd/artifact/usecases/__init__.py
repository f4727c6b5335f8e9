"""What may be done with contents and results: load, judge, save."""
