"""What every test may ask for."""

from hypothesis import settings

pytest_plugins = [
    "fixtures_cli",
    "fixtures_postgres",
    "fixtures_scripts",
    "fixtures_systems",
    "told_at_once",
    "witness",
]

# No verdict depends on how fast the machine is.
settings.register_profile("penstock", deadline=None)
settings.load_profile("penstock")
