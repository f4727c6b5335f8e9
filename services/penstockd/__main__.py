"""`python -m penstockd`: starts services, and says in one line why it cannot."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from penstock.errors import InvalidArgument, PenstockError
from penstock.redaction import redacted
from penstockd.assembly.addresses import (
    ALL,
    EVERY_INTERFACE,
    Addresses,
    Listening,
    read_listen,
    those_of_others,
    together,
)
from penstockd.assembly.separate import DATABASE, ServiceEnded, serve_separately
from penstockd.assembly.services import SERVICES
from penstockd.assembly.serving import FIRST_POOL, Options, serve_all, serve_one
from penstockd.assembly.site import SQLITE, STORE_FILE
from penstockd.assembly.sockets import socket_of
from penstockd.chassis.config import ConfigError, load
from penstockd.chassis.logs import configure_logs, in_full, tell_a_crash
from penstockd.chassis.process import EX_CONFIG, run
from penstockd.chassis.server import ServerConfig, Settings, is_loopback
from penstockd.database.failures import from_os
from penstockd.database.owner import StoreOwned, claim_ownership
from penstockd.database.urls import dialect_of, shown

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
EX_UNAVAILABLE = 69
EX_TEMPFAIL = 75
EXECUTOR = "executor"
# Of one connection: a front has one to each service, and many callers park in it.
MOST_STREAMS = 1_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM and return 0; 69: a service is lost, 75: owned, 78: misconfigured."""
    given = _parser().parse_args(arguments)
    configure_logs(given.log_format, level=LEVELS[given.log_level])
    sys.excepthook = tell_a_crash
    try:
        with ExitStack() as stack:
            leash = sys.stdin.fileno() if given.leash else None
            return run(_chosen(given, stack), leash=leash)
    except StoreOwned as error:
        return _say(error, EX_TEMPFAIL)
    except (ConfigError, InvalidArgument) as error:
        return _say(error, EX_CONFIG)
    except (PenstockError, ServiceEnded) as error:
        return _say(error, EX_UNAVAILABLE)


def _chosen(
    given: argparse.Namespace, stack: ExitStack
) -> Callable[[], Coroutine[Any, Any, None]]:
    listening = read_listen(given.listen, service=given.service)
    _judge_database(given)
    if given.service != ALL:
        options = _options(given, listening, those_of_others(given.service, os.environ))
        silent = given.service != EXECUTOR or given.leash or given.log_format == "json"
        greet = _nothing if silent else partial(_welcome_executor, options.addresses)
        return partial(serve_one, given.service, options, on_ready=greet)
    listening = _with_socket(listening, given)
    try:
        ownership = claim_ownership(
            given.store, os.getpid(), listening.address, socket=str(listening.socket)
        )
    except OSError as error:
        raise from_os(error, given.store) from None
    stack.callback(ownership.close)
    addresses = together(listening, given.store, separate=given.separate)
    options = _options(given, listening, addresses)
    serve = serve_separately if given.separate else serve_all
    told = _nothing if given.log_format == "json" else partial(_welcome, given, listening)
    return partial(serve, options, on_ready=told)


def _with_socket(listening: Listening, given: argparse.Namespace) -> Listening:
    """Whoever owns a store listens in its folder too, for programs of the same user."""
    if given.socket_only and given.listen:
        raise ConfigError("--socket-only uses no port: leave --listen out")
    socket = listening.socket or socket_of(given.store)
    return Listening(socket=socket) if given.socket_only else replace(listening, socket=socket)


def _judge_database(given: argparse.Namespace) -> None:
    """An executor has no use for the database of the others, nor have the flows beside it."""
    if given.service != ALL and SERVICES[given.service].own_store:
        os.environ.pop(DATABASE, None)
        given.database = ""
    if given.database:
        dialect_of(given.database)


def _options(given: argparse.Namespace, listening: Listening, addresses: Addresses) -> Options:
    server = ServerConfig(
        host=listening.host,
        port=listening.port,
        socket=listening.socket,
        insecure=given.insecure,
        max_streams=MOST_STREAMS,
        quota_parked_calls=load(Settings, "server").quota_parked_calls,
    )
    return Options(
        server=server,
        store=given.store,
        database=given.database,
        addresses=addresses,
        own_address=listening.told_to_others,
    )


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Repeat what cannot be read, but for the passwords in it."""
        super().error(redacted(message))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="penstockd", description="Penstock's services.")
    parser.add_argument("service", choices=(ALL, *SERVICES), help="what to serve")
    parser.add_argument(
        "--listen", default="", metavar="ADDRESS", help="where: HOST:PORT, or unix:PATH"
    )
    parser.add_argument(
        "--socket-only",
        action="store_true",
        help="with `all`: use no port but a socket in the store's folder, only for this user",
    )
    parser.add_argument(
        "--store",
        type=Path,
        default=Path(os.environ.get("PENSTOCK_HOME", ".penstock")),
        help="the folder of files: SQLite, content, the executor's own store",
    )
    parser.add_argument(
        "--database",
        default=os.environ.get(DATABASE, ""),
        metavar="URL",
        help="sqlite:///path or postgresql://…, for all but executors; SQLite in the store's "
        "folder by default",
    )
    parser.add_argument(
        "--separate", action="store_true", help="with `all`: a process for each service"
    )
    parser.add_argument(
        "--leash",
        action="store_true",
        help="stop when standard input ends, as a part of `all --separate` does",
    )
    parser.add_argument(
        "--insecure",
        action="store_true",
        help="allow an address that other machines can reach, without authentication",
    )
    parser.add_argument(
        "--log-level",
        default=os.environ.get("PENSTOCK_LOG_LEVEL", "info"),
        choices=tuple(LEVELS),
    )
    parser.add_argument("--log-format", default="text", choices=("text", "json"))
    return parser


def _welcome(given: argparse.Namespace, listening: Listening, address: str) -> None:
    reached = EVERY_INTERFACE.sub("localhost:", address)
    sys.stdout.write(
        f"Penstock serves at {address}.\n"
        f"  store       {given.store}\n"
        f"  database    {shown(given.database or f'{SQLITE}{given.store / STORE_FILE}')}\n"
        f"  work pool   {FIRST_POOL}\n"
        f"  open to     {_who_reaches(listening)}\n"
        f"  use it      export PENSTOCK_ADDRESS={reached}\n"
        f"  stop it     Ctrl-C, or kill {os.getpid()}\n"
    )
    sys.stdout.flush()


def _welcome_executor(services: Addresses, address: str) -> None:
    from penstockd.executor.wiring import Config

    config = load(Config, EXECUTOR)
    count = "1 run" if config.slots == 1 else f"{config.slots} runs"
    sys.stdout.write(
        f"Penstock runs flows of work pool {config.work_pool}, {count} at a time.\n"
        f"  worker      {config.called}\n"
        f"  services    {', '.join(dict.fromkeys(services.values()))}\n"
        f"  listens at  {address}\n"
        f"  stop it     Ctrl-C, or kill {os.getpid()}\n"
    )
    sys.stdout.flush()


def _who_reaches(listening: Listening) -> str:
    if not listening.host:
        return "programs of this user only"
    if is_loopback(listening.host):
        return "every user and program on this machine; with --socket-only: this user only"
    return (
        f"everyone who can reach port {listening.port} of this machine, without authentication"
    )


def _nothing(_address: str) -> None:
    return None


def _say(error: Exception, code: int) -> int:
    sys.stderr.write(f"penstockd: {redacted(in_full(error))}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
