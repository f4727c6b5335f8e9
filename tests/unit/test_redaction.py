"""No password of a URL is printed, wherever in a text it stands."""

import pytest

from penstock.redaction import redacted


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("no postgresql://me:SECRET@host/db here", "no postgresql://…@host/db here"),
        ("'postgresql+asyncpg://me:SE@C/RET@host'", "'postgresql+asyncpg://…@host'"),
        ('{"url": "amqp://me:SECRET@host", "n": 1}', '{"url": "amqp://…@host", "n": 1}'),
        ("postgresql:///db?password=SECRET&x=1", "postgresql:///db?password=…&x=1"),
        ("http://proxy:3128 and a@b.example", "http://proxy:3128 and a@b.example"),
        ("a plain text", "a plain text"),
    ],
)
def test_users_and_passwords_are_hidden(text: str, left: str) -> None:
    assert redacted(text) == left
