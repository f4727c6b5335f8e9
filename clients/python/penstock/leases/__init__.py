"""How this process shows that it is alive and works on its runs."""
