"""Generated from statements/ by `make gen`; never edited."""
