"""A call that stops gRPC from accepting others costs a server moments, or ends its process."""

import asyncio
import subprocess
import sys
from pathlib import Path

from hanging import HANG_LIMIT
from http2 import a_call, send
from integration.caller import Caller
from integration.serving import Serving
from integration.system import clean_environment, end_all_of, unused_addresses
from penstockd.database.owner import owner_of

A_SERVICE_IS_LOST = 69
NO_TEXT = a_call(b"/\xff")
GOODBYE = b"Server shutdown"

# As on a machine where somebody else takes the port at once.
HOPELESS = """
import sys
from penstockd.chassis import listening
from penstockd.__main__ import main
listening.TRIES = 0
sys.exit(main(sys.argv[1:]))
"""


def test_a_server_goes_on_after_a_path_that_is_no_text(tmp_path: Path) -> None:
    with Serving(tmp_path / "store") as serving:
        for _ in range(2):
            asyncio.run(send(serving.address, NO_TEXT, until=GOODBYE))
            caller = Caller(serving.addresses)
            caller.deploy("travelling")
            caller.close()
        assert serving.log().count("server.listens_again") == 1
        assert "Traceback" not in serving.log()
    assert serving.exit_code == 0


def test_a_server_that_can_listen_no_more_ends_and_frees_its_store(tmp_path: Path) -> None:
    [address] = unused_addresses(1)
    arguments = ["all", "--listen", address, "--store", str(tmp_path)]
    server = subprocess.Popen(
        [sys.executable, "-c", HOPELESS, *arguments],
        env=clean_environment(PENSTOCK_HOME=str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert server.stdout is not None
        server.stdout.readline()
        asyncio.run(send(address, NO_TEXT, until=GOODBYE))
        _, said = server.communicate(timeout=HANG_LIMIT)
    finally:
        end_all_of(tmp_path)
    assert server.returncode == A_SERVICE_IS_LOST
    assert f"nothing listens on {address} any more" in said.decode().splitlines()[-1]
    assert owner_of(tmp_path) is None
