"""`python -m penstockd`: starts services, and says in one line why it cannot."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from penstock.errors import InvalidArgument, PenstockError
from penstockd.assembly.addresses import (
    ALL,
    EVERY_INTERFACE,
    Addresses,
    read_listen,
    those_of_others,
    together,
)
from penstockd.assembly.separate import ServiceEnded, serve_separately
from penstockd.assembly.services import SERVICES
from penstockd.assembly.serving import FIRST_POOL, Options, serve_all, serve_one
from penstockd.chassis.config import ConfigError, load
from penstockd.chassis.logs import configure_logs
from penstockd.chassis.process import EX_CONFIG, run
from penstockd.chassis.server import ServerConfig, Settings
from penstockd.database.migrations import StoreTooNew
from penstockd.database.owner import StoreOwned, claim_ownership

EX_UNAVAILABLE = 69
EX_TEMPFAIL = 75
# Of one connection: a front has one to each service, and many callers park in it.
MOST_STREAMS = 1_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM and return 0; 69: a service is lost, 75: owned, 78: misconfigured."""
    given = _parser().parse_args(arguments)
    configure_logs(given.log_format, level=given.log_level.upper())
    try:
        with ExitStack() as stack:
            return run(_chosen(given, stack))
    except StoreOwned as error:
        return _say(error, EX_TEMPFAIL)
    except (ConfigError, InvalidArgument, StoreTooNew) as error:
        return _say(error, EX_CONFIG)
    except (PenstockError, ServiceEnded) as error:
        return _say(error, EX_UNAVAILABLE)


def _chosen(
    given: argparse.Namespace, stack: ExitStack
) -> Callable[[], Coroutine[Any, Any, None]]:
    host, port = read_listen(given.listen, service=given.service)
    server = ServerConfig(
        host=host,
        port=port,
        insecure=given.insecure,
        max_streams=MOST_STREAMS,
        quota_parked_calls=load(Settings, "server").quota_parked_calls,
    )
    if given.service != ALL:
        options = _options(given, server, those_of_others(given.service, os.environ))
        return partial(serve_one, given.service, options, on_ready=_nothing)
    try:
        ownership = claim_ownership(given.store, os.getpid(), f"{host}:{port}")
    except OSError as error:
        raise ConfigError(
            f"the store {given.store} cannot be used ({error.strerror}): set PENSTOCK_HOME"
        ) from None
    stack.callback(ownership.close)
    options = _options(given, server, together(host, port, separate=given.separate))
    serve = serve_separately if given.separate else serve_all
    told = _nothing if given.log_format == "json" else partial(_welcome, given.store)
    return partial(serve, options, on_ready=told)


def _options(given: argparse.Namespace, server: ServerConfig, addresses: Addresses) -> Options:
    return Options(
        server=server, store=given.store, database=given.database, addresses=addresses
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="penstockd", description="Penstock's services.")
    parser.add_argument("service", choices=(ALL, *SERVICES), help="what to serve")
    parser.add_argument("--listen", default="", metavar="HOST:PORT", help="where to listen")
    parser.add_argument(
        "--store",
        type=Path,
        default=Path(os.environ.get("PENSTOCK_HOME", ".penstock")),
        help="folder for files: SQLite, content, the executor's own store",
    )
    parser.add_argument(
        "--database",
        default=os.environ.get("PENSTOCK_DATABASE", ""),
        metavar="URL",
        help="sqlite:///path or postgresql://…; SQLite in the store's folder by default",
    )
    parser.add_argument(
        "--separate", action="store_true", help="with `all`: a process for each service"
    )
    parser.add_argument(
        "--insecure",
        action="store_true",
        help="allow an address that other machines reach, without credentials",
    )
    parser.add_argument(
        "--log-level",
        default=os.environ.get("PENSTOCK_LOG_LEVEL", "info"),
        choices=("debug", "info", "warning"),
    )
    parser.add_argument("--log-format", default="text", choices=("text", "json"))
    return parser


def _welcome(store: Path, address: str) -> None:
    reached = EVERY_INTERFACE.sub("localhost:", address)
    sys.stdout.write(
        f"Penstock serves at {address}.\n"
        f"  store       {store}\n"
        f"  work pool   {FIRST_POOL}\n"
        f"  use it      export PENSTOCK_ADDRESS={reached}\n"
        f"  stop it     Ctrl-C, or kill {os.getpid()}\n"
    )
    sys.stdout.flush()


def _nothing(_address: str) -> None:
    return None


def _say(error: Exception, code: int) -> int:
    sys.stderr.write(f"penstockd: {error}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
