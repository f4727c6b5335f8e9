"""Loggers that go on, however a program or one of its libraries configures logging."""

from __future__ import annotations

import logging

_keeper: logging.Handler | None = None


class LastingLogger(logging.Logger):
    """A logger whose lines are kept, whatever handlers `logging` is left with.

    `logging.config` disables every logger that it finds and was not told of, and takes the
    handlers from those that it was told of. Levels are obeyed.
    """

    @property
    def disabled(self) -> bool:
        return False

    @disabled.setter
    def disabled(self, value: bool) -> None:
        """Whoever wants no lines sets a level: see the class."""

    def callHandlers(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        if _keeper is not None:
            _keeper.handle(record)
        super().callHandlers(record)


def lasting_logger(name: str) -> logging.Logger:
    """Return the logger of this name, made a lasting one."""
    logger = logging.getLogger(name)
    # It may exist since before this module was imported; one of a class of the user's stays.
    if type(logger) is logging.Logger:
        logger.__class__ = LastingLogger
    return logger


def keep_lines_by(handler: logging.Handler) -> None:
    """Hand the handler every line of lasting loggers, before all other handlers."""
    global _keeper  # noqa: PLW0603 - there is one logging in a process
    _keeper = handler
