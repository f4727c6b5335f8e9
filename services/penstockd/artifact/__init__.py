"""The artifact service: bytes by their digest, and the results that runs publish."""
