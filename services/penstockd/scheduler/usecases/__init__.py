"""What may be done with what the scheduler owns: load, judge, save."""
