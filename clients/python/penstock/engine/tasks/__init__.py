"""How a task run goes, from its call to its end."""
