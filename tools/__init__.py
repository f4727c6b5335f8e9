"""Code generation and the checks that CI runs."""
