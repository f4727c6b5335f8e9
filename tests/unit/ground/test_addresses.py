"""An address that is none is answered with what to write."""

import pytest

from penstock.exceptions import ConfigurationError
from penstock.ground.addresses import checked_address


@pytest.mark.parametrize(
    "address",
    [
        "localhost:7470",
        "127.0.0.1:1",
        "[::1]:7470",
        "unix:/tmp/s",
        "dns:///host:7470",
        "a:65535",
    ],
)
def test_an_address_is_taken_as_it_is(address: str) -> None:
    assert checked_address("PENSTOCK_ADDRESS", address) == address


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("http://localhost:4200", "localhost:4200"),
        ("http://127.0.0.1:4200/api", "127.0.0.1:4200"),
        ("https://penstock.example.com", "penstock.example.com:7470"),
        ("https://user:secret@host:7", "host:7"),
        ("http://[::1]:7470", "[::1]:7470"),
        ("grpc://host:7470", "host:7470"),
        ("localhost", "localhost:7470"),
        (":7470", "localhost:7470"),
        ("host:", "host:7470"),
        ("host:port", "localhost:7470"),
        ("host:99999", "localhost:7470"),
        ("host:0", "host:7470"),
        ("http://[x", "localhost:7470"),
    ],
)
def test_what_is_no_address_is_answered_with_one(given: str, meant: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        checked_address("PENSTOCK_ADDRESS", given)
    assert str(refused.value).endswith(f"write PENSTOCK_ADDRESS={meant}")
