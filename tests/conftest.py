"""What every test may ask for."""

pytest_plugins = ["fixtures_cli", "fixtures_postgres", "fixtures_systems", "witness"]
