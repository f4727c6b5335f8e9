"""A connection that has fallen silent costs no run: its lease is renewed another way."""

from contextlib import closing
from pathlib import Path

from hanging import HANG_LIMIT
from integration.caller import Caller, state_of
from integration.embedded import program
from integration.proxy import a_proxy
from integration.serving import Serving
from integration.system import end_all_of
from integration.waiting import appears, pid_in
from penstock.wire_channels import OPTIONS
from penstockd.chassis.server import ServerConfig, options_of
from penstockd.state.rules.terms import Terms


def test_a_script_keeps_its_lease_over_a_connection_that_fell_silent(tmp_path: Path) -> None:
    home = tmp_path / "script"
    # The lease is over long before the pings of the dead connection are missed.
    terms = {"PENSTOCK_STATE_TTL": "10s", "PENSTOCK_STATE_RENEW_INTERVAL": "1s"}
    with (
        Serving(tmp_path / "server", **terms) as server,
        a_proxy(server.address) as proxy,
        closing(Caller(server.addresses)) as caller,
    ):
        script = program(
            home,
            "paced",
            str(tmp_path),
            "2",
            PENSTOCK_ADDRESS=proxy.address,
            # The script's own renewals are looked at here.
            PENSTOCK_RENEWER_AFTER="600",
        )
        pid_in(tmp_path / "step-0")
        [run] = caller.flow_runs()
        caller.until(run.id, "RUNNING")
        before = proxy.connections
        proxy.silence()
        for step in ("go-0", "go-1"):
            (tmp_path / step).touch()
        appears(tmp_path / "step-1")
        _, said = script.communicate(timeout=HANG_LIMIT)
        assert script.returncode == 0, said
        assert state_of(caller.ended(run.id)) == "COMPLETED"
        assert max(each.fence for each in caller.transitions(run.id)) == 1
        assert proxy.connections > before
    end_all_of(home)


def test_a_dead_connection_is_noticed_before_a_lease_is_over() -> None:
    client, server = dict(OPTIONS), dict(options_of(ServerConfig()))
    for options in (client, server):
        silent = options["grpc.keepalive_time_ms"] + options["grpc.keepalive_timeout_ms"]
        assert silent <= Terms().ttl.total_seconds() * 1_000
        # While a ping of gRPC's own is not answered, it sends none to keep alive.
        assert options["grpc.http2.ping_timeout_ms"] <= options["grpc.keepalive_timeout_ms"]
    # gRPC takes two pings that come too early for an attack.
    shortest = server["grpc.http2.min_recv_ping_interval_without_data_ms"]
    assert shortest < client["grpc.keepalive_time_ms"]
