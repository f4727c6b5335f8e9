"""What every test may ask for."""

import signal

import pytest
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


def pytest_configure(config: pytest.Config) -> None:
    """Let programs of tests hear what `nohup`, a shell's background or a CI ignores."""
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
