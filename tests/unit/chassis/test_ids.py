from datetime import UTC, datetime, timedelta

from penstockd.chassis.ids import id_source, uuid7

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_an_id_tells_its_version_and_time() -> None:
    made = uuid7(NOON, (1 << 74) - 1)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == NOON.timestamp() * 1_000


def test_ids_sort_by_time() -> None:
    assert uuid7(NOON, (1 << 74) - 1) < uuid7(NOON + timedelta(milliseconds=1), 0)


def test_ids_of_one_moment_differ() -> None:
    new_id = id_source(lambda: NOON)
    assert len({new_id() for _ in range(100)}) == 100
