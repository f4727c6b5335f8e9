"""What every test may ask for."""

pytest_plugins = ["fixtures_postgres", "fixtures_systems", "witness"]
