"""Values of the user's as bytes, and back: JSON where it is exact, a pickle elsewhere."""
