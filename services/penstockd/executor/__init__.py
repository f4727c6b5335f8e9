"""The executor: starts a process for each run that it is handed, watches it and ends it."""
