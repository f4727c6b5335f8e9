"""One place has the bytes of a database, whoever comes first."""

from uuid import UUID

import pytest

from conformance.artifact.conftest import ContentRig
from penstockd.artifact.rules.content_home import ContentHome
from penstockd.artifact.store.content_home import SqlContentHomes
from penstockd.database import Database
from unit.artifact.builders import Hands

pytestmark = pytest.mark.asyncio

FIRST = ContentHome(id=UUID(int=1), place="a:/content")
SECOND = ContentHome(id=UUID(int=2), place="b:/content")


async def test_the_first_home_is_the_home_of_all(database: Database) -> None:
    homes = SqlContentHomes(database, Hands())
    assert await homes.claim(FIRST) == FIRST
    assert await homes.claim(SECOND) == FIRST
    assert await homes.claim(FIRST) == FIRST


async def test_a_home_that_is_lost_is_replaced(database: Database) -> None:
    homes = SqlContentHomes(database, Hands())
    await homes.claim(FIRST)
    await homes.replace(SECOND)
    assert await homes.claim(FIRST) == SECOND


async def test_a_home_can_be_replaced_that_never_was(database: Database) -> None:
    homes = SqlContentHomes(database, Hands())
    await homes.replace(SECOND)
    assert await homes.claim(FIRST) == SECOND


async def test_a_store_keeps_the_identity_that_it_was_given_first(content: ContentRig) -> None:
    assert await content.store.identity(FIRST.id) == FIRST.id
    assert await content.store.identity(SECOND.id) == FIRST.id
    assert await content.again().identity(SECOND.id) == FIRST.id
