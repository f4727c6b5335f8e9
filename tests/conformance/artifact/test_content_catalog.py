import asyncio
from dataclasses import replace

import pytest
import pytest_asyncio

from penstock.errors import ContentNotFound
from penstockd.artifact.store.content import SqlContentCatalog
from penstockd.artifact.store.ports.content import ContentCatalog
from penstockd.database import Database
from unit.artifact.builders import DAY, NOON, a_content, key_of

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def catalog(database: Database) -> ContentCatalog:
    return SqlContentCatalog(database)


async def test_a_content_is_read_as_it_was_added(catalog: ContentCatalog) -> None:
    content = a_content()
    assert await catalog.add(content) == content
    assert await catalog.load(content.key) == content


async def test_the_first_commit_stays(catalog: ContentCatalog) -> None:
    first = a_content()
    await catalog.add(first)
    assert await catalog.add(replace(first, create_time=NOON + DAY)) == first


async def test_many_may_add_the_same(catalog: ContentCatalog) -> None:
    content = a_content()
    assert await asyncio.gather(*(catalog.add(content) for _ in range(5))) == [content] * 5


async def test_another_namespace_has_its_own(catalog: ContentCatalog) -> None:
    await catalog.add(a_content(namespace="away"))
    with pytest.raises(ContentNotFound):
        await catalog.load(a_content().key)


async def test_what_no_row_names_is_found(catalog: ContentCatalog) -> None:
    await catalog.add(a_content(b"named"))
    keys = [key_of(b"named"), key_of(b"orphan"), key_of(b"named", "away")]
    assert await catalog.unnamed(keys) == keys[1:]
