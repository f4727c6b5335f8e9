"""Background loops: acquiring work, renewing leases, completing them, cleaning up."""
