"""Logs are events: a name, and fields beside it, one line each on stderr."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

from penstock import telemetry
from penstock.redaction import redacted

logger = logging.getLogger(__name__)

# What a server prints whatever its level: that runs begin and end is what it is there for.
RUNS = "penstockd.runs"

Form = Literal["text", "json"]

USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure_logs(
    form: Form = "text", *, level: int = logging.INFO, stream: TextIO | None = None
) -> None:
    """Send every event of this process to stderr, in place of what was set up before."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(LineFormatter(form))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger(RUNS).setLevel(min(level, logging.INFO))


def tell_a_crash(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Stand in for `sys.excepthook`: the end of a process is an event like any other."""
    logger.critical("process.crashed", exc_info=(kind, error, trace))


def tell_the_unheard() -> None:
    """Print whole events in a program without logging; Python prints their names alone."""
    logger = logging.getLogger("penstockd")
    if not any(isinstance(it, Unheard) for it in logger.handlers):
        logger.addHandler(Unheard())


class Unheard(logging.Handler):
    """Writes what no handler of the program takes, also of one that comes later."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(LineFormatter("text"))

    def emit(self, record: logging.LogRecord) -> None:
        if not self._is_heard(logging.getLogger(record.name)):
            sys.stderr.write(f"{self.format(record)}\n")

    def _is_heard(self, logger: logging.Logger | None) -> bool:
        while logger is not None:
            if any(it is not self for it in logger.handlers):
                return True
            logger = logger.parent if logger.propagate else None
        return False


class LineFormatter(logging.Formatter):
    """`time level event key=value …`, or the same as one JSON object."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        event = record.getMessage()
        extra = fields_of(record)
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if self._form == "json":
            line = {"time": time, "level": record.levelname, "event": event} | extra
            line |= {"traceback": trace} if trace else {}
            return redacted(json.dumps(line, default=str))
        pairs = [f"{key}={_plain(value)}" for key, value in extra.items()]
        line_text = " ".join([time, record.levelname, event, *pairs])
        return redacted(f"{line_text}\n{trace}" if trace else line_text)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what the event was given as `extra`, and the trace that it belongs to."""
    extra = {key: value for key, value in vars(record).items() if key not in USUAL}
    if traceparent := telemetry.current_traceparent():
        extra["trace_id"] = traceparent.split("-")[1]
    return extra


def in_full(error: BaseException) -> str:
    """Return what an error says, and what caused it: for logs, and never for callers."""
    cause = error.__cause__
    return f"{error} ({cause})" if cause is not None and str(cause) else str(error)


def _plain(value: Any) -> str:
    text = str(value)
    return (
        text if text.isprintable() and text and not set(text) & set(' "=') else json.dumps(text)
    )
