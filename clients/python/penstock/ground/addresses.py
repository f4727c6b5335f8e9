"""Where a server is, as people write it: `HOST:PORT` or `unix:PATH`."""

from __future__ import annotations

from urllib.parse import urlsplit

from penstock.exceptions import ConfigurationError

PORT = 7470
HIGHEST_PORT = 65_535
# What gRPC resolves by itself.
_SCHEMES = ("unix:", "unix-abstract:", "dns:", "ipv4:", "ipv6:")


def checked_address(variable: str, text: str) -> str:
    """Return the address that an environment variable holds.

    Raises:
        ConfigurationError: it is none; the error says what to write.
    """
    if not is_utf8(text):
        raise ConfigurationError(f"{variable}={text!r} is not valid UTF-8")
    if text.startswith(_SCHEMES):
        return text
    host, colon, port = text.rpartition(":")
    if "://" not in text and host and colon and _is_port(port):
        return text
    raise ConfigurationError(
        f"{variable}={text} is not a valid address: write {variable}={_meant(text)}"
    )


def _meant(text: str) -> str:
    """Return what was probably meant by a URL, or by half an address."""
    try:
        parts = urlsplit(text if "://" in text else f"//{text}")
        host, port = parts.hostname or "localhost", parts.port or PORT
    except ValueError:
        return f"localhost:{PORT}"
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_utf8(text: str) -> bool:
    """Python carries bytes in another encoding as halves of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text[:9]) <= HIGHEST_PORT
