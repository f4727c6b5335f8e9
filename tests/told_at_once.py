"""Prints a failure when it happens, so that a run that is cut off has said what failed."""

from typing import Any

import pytest

SHOWN_LINES = 60


class ToldAtOnce:
    """What the process that prints adds to the report of each phase of a test."""

    def __init__(self, terminal: Any) -> None:
        self._terminal = terminal

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.failed:
            return
        self._terminal.ensure_newline()
        self._terminal.write_line(f"FAILED {report.nodeid} ({report.when})", red=True)
        lines = report.longreprtext.splitlines()
        for line in lines[-SHOWN_LINES:]:
            self._terminal.write_line(f"    {line}")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    # Workers of xdist have no terminal: their reports arrive where the tests were started.
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(ToldAtOnce(terminal), "told-at-once")
