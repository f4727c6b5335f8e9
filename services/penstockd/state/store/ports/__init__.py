"""What the stores of the resources do, in domain words, and the values that they take."""
