"""Background duties: getting work, renewing leases, telling what ended, tidying up."""
