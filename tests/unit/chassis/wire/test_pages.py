"""Page tokens: one that is not of this list is PAGE_TOKEN_INVALID, whatever it holds."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.api.scheduler.v1.deployment_pb2 import DeploymentFilter
from penstock.api.scheduler.v1.deployment_service_pb2 import ListDeploymentsRequest
from penstock.api.state.v1 import flow_pb2
from penstock.errors import PageTokenInvalid
from penstockd.chassis.contract_rules import contract_check
from penstockd.chassis.ids import EPOCH
from penstockd.chassis.wire.keys import ID, NUMBER, TEXT, TIME, Key, pair
from penstockd.chassis.wire.pages import Page, page_of
from penstockd.chassis.wire.times import END_OF_TIME

MICROSECOND = timedelta(microseconds=1)
NAMES = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1)
TIMES = st.integers(0, (END_OF_TIME - EPOCH) // MICROSECOND - 1).map(
    lambda it: EPOCH + it * MICROSECOND
)
KEYS: dict[str, tuple[Key[Any], st.SearchStrategy[Any]]] = {
    "text": (TEXT, NAMES),
    "number": (NUMBER, st.integers(0, (1 << 63) - 1)),
    "id": (ID, st.uuids()),
    "time": (TIME, TIMES),
    "two texts": (pair(TEXT, TEXT), st.tuples(NAMES, NAMES)),
    "time and id": (pair(TIME, ID), st.tuples(TIMES, st.uuids())),
}
each_key = pytest.mark.parametrize(("key", "values"), KEYS.values(), ids=KEYS)
TEXTS = st.text(st.characters(codec="utf-8"))
# What readers of Python take beside what they write.
LENIENT = [
    "", " 1", "1_0", "+1", "-1", "٣", "9223372036854775808", "9" * 5000, "\x00", "a\x00",
    "{00000000-0000-0000-0000-000000000001}", "00000000000000000000000000000001",
    "00000000-0000-0000-0000-00000000000A", "urn:uuid:00000000-0000-0000-0000-000000000001",
    "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z", "20260101T000000+00:00",
    "2026-01-01T01:00:00+01:00", "0001-01-01T00:00:00+00:00", "9999-01-01T00:00:00+00:00",
    "1969-12-31T23:59:59.999999+00:00", "1:a", "01:ab", "9:ab", "-1:ab", ":", "[" * 2000,
    '["a"]',
]  # fmt: skip


def asked(token: str = "", *, namespace: str = "home", **rest: Any) -> ListDeploymentsRequest:
    return ListDeploymentsRequest(namespace=namespace, page_token=token, **rest)


def with_key_text(text: str, **fields: Any) -> str:
    """Return a token of the right question that holds any text as its key."""
    return page_of(asked(**fields), Key(write=str, read=str)).token(text)


@each_key
@given(data=st.data())
def test_a_list_goes_on_after_the_key_that_it_gave(
    key: Key[Any], values: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    last = data.draw(values)
    token = page_of(asked(), key).token(last)
    assert page_of(asked(token), key).after == last


@each_key
@given(token=st.one_of(TEXTS, st.binary().map(lambda it: urlsafe_b64encode(it).decode())))
def test_any_other_token_is_invalid(key: Key[Any], values: object, token: str) -> None:
    if token:
        with pytest.raises(PageTokenInvalid):
            page_of(asked(token), key)


@each_key
@given(text=st.one_of(TEXTS, st.sampled_from(LENIENT)))
def test_a_forged_key_is_invalid_or_means_what_it_says(
    key: Key[Any], values: object, text: str
) -> None:
    try:
        after = page_of(asked(with_key_text(text)), key).after
    except PageTokenInvalid:
        return
    assert after is not None
    assert key.write(after) == text


@pytest.mark.parametrize("text", LENIENT)
@pytest.mark.parametrize("name", ["number", "id", "time", "time and id"])
def test_what_only_looks_like_a_key_is_none(name: str, text: str) -> None:
    with pytest.raises(PageTokenInvalid):
        page_of(asked(with_key_text(text)), KEYS[name][0])


def test_a_time_elsewhere_is_the_same_moment() -> None:
    there = datetime.fromisoformat("2026-01-01T01:00:00+01:00")
    token = page_of(asked(), TIME).token(there)
    assert page_of(asked(token), TIME).after == there


@pytest.mark.parametrize(
    "other", [{"namespace": "away"}, {"filter": DeploymentFilter(flow_names=["etl"])}]
)
def test_a_token_belongs_to_its_question(other: dict[str, str]) -> None:
    token = with_key_text("etl")
    with pytest.raises(PageTokenInvalid, match="start again"):
        page_of(asked(token, **other), TEXT)


def test_pages_of_one_list_may_differ_in_size() -> None:
    token = with_key_text("etl", page_size=1)
    assert page_of(asked(token, page_size=2), TEXT).after == "etl"


def test_padding_that_hides_bits_makes_another_token() -> None:
    token = next(it for it in map(with_key_text, ("a", "ab", "abc")) if it.endswith("="))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    place = token.index("=") - 1
    twin = alphabet[alphabet.index(token[place]) + 1]
    forged = token[:place] + twin + token[place + 1 :]
    assert urlsafe_b64decode(forged) == urlsafe_b64decode(token)
    with pytest.raises(PageTokenInvalid):
        page_of(asked(forged), TEXT)


@pytest.mark.parametrize(("given_size", "size"), [(0, 50), (-1, 50), (7, 7)])
def test_a_page_without_a_size_has_the_usual_one(given_size: int, size: int) -> None:
    page = page_of(asked(page_size=given_size), TEXT)
    assert (page.size, page.limit, page.after) == (size, size + 1, None)


def cut(page: Page[str], names: str) -> tuple[list[str], str]:
    shown, token = page.cut(names, lambda it: flow_pb2.Flow(name=it), key=lambda it: it)
    return [it.name for it in shown], token


def test_a_page_ends_with_the_token_of_the_next_one() -> None:
    shown, token = cut(page_of(asked(page_size=2), TEXT), "abc")
    assert shown == ["a", "b"]
    assert page_of(asked(token), TEXT).after == "b"


@pytest.mark.parametrize("names", ["", "a", "ab"])
def test_the_last_page_has_no_token(names: str) -> None:
    assert cut(page_of(asked(page_size=2), TEXT), names) == (list(names), "")


def test_the_longest_token_that_a_list_gives_is_short_enough_to_come_back() -> None:
    longest = 255 * "\U0001f30a"
    token = page_of(asked(), pair(TEXT, TEXT)).token((longest, longest))
    request = asked(token)
    assert [it.field for it in contract_check()(request)] == []
