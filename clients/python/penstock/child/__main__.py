"""The process under a flow run. The executor's pipe says what to run, and when to stop."""

from __future__ import annotations

import faulthandler
import io
import os
import sys
from collections.abc import Mapping

from penstock.child.guard import call_process, die_with_parent, start_guard
from penstock.child.lingering import end_in_time

FD_VARIABLE = "PENSTOCK_CHILD_FD"
MISUSED = 64


def main() -> int:
    die_with_parent()
    number = os.environ.pop(FD_VARIABLE, "")
    if not number.isdigit():
        sys.stderr.write(f"{FD_VARIABLE} is not set: only an executor starts this program\n")
        return MISUSED
    pipe = int(number)
    os.set_inheritable(pipe, False)
    guard = start_guard(pipe)
    _write_by_line()
    # What ends the interpreter itself is then told with its stack, in the run's log.
    faulthandler.enable(all_threads=False)
    # The executor's title of this process: no argument of the user's program.
    del sys.argv[1:]
    # Only now: they load protobuf, grpc and asyncio, and the guard must be there before.
    from penstock.child.wire_orders import NoOrder, Orders

    orders = Orders(os.fdopen(pipe, "rb"))
    try:
        job = orders.job()
    except NoOrder as error:
        sys.stderr.write(f"{error}\n")
        return MISUSED
    call_process(job.flow_run_name)
    _enter_environment(job.owned.namespace, job.addresses)
    from penstock.child.running import run

    code = run(job, orders, when_lost=guard.end_soon)
    end_in_time()
    return code


def _enter_environment(namespace: str, addresses: Mapping[str, str]) -> None:
    """Programs that the run starts find the services where the run does."""
    os.environ["PENSTOCK_NAMESPACE"] = namespace
    for service, address in addresses.items():
        os.environ[f"PENSTOCK_{service.upper()}_ADDRESS"] = address


def _write_by_line() -> None:
    """What was printed before a SIGKILL has left the process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)


if __name__ == "__main__":
    sys.exit(main())
