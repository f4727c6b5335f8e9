"""What ended an attempt, as a value that people and other languages can read."""
