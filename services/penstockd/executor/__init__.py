"""The executor: starts a child for each run that it is handed, watches it and ends it."""
