"""The store of the sample service."""
