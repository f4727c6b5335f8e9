"""The services of Penstock, and what they are built on."""
