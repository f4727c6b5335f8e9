"""How any service runs: its server, its calls, its clock. Nothing here knows a domain word."""
