"""Pure decisions on frozen values."""
