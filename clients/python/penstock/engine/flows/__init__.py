"""How a flow run goes, from its call to its end."""
