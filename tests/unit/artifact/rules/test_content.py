import pytest

from penstockd.artifact.rules.content import known_of_chunk


@pytest.mark.parametrize(
    ("received", "offset", "length", "known"),
    [
        (0, 0, 4, 0),
        (4, 4, 4, 0),
        (4, 0, 4, 4),
        (9, 2, 4, 4),
        (4, 2, 4, 2),
        (4, 5, 1, None),
        (0, 1, 9, None),
    ],
)
def test_a_chunk_adds_what_follows(
    received: int, offset: int, length: int, known: int | None
) -> None:
    assert known_of_chunk(received=received, offset=offset, length=length) == known
