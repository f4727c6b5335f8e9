"""What the stores of the resources do, in domain words."""
