"""What a call was given, what it waits for, and what tells it from all others."""
