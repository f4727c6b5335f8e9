"""The SQL implementation of the list of contents."""

from collections.abc import Mapping, Sequence
from typing import Any

from penstock.errors import ContentNotFound
from penstockd.artifact.rules.content import Content, ContentKey
from penstockd.artifact.store.statement_texts import content as texts
from penstockd.chassis.payload import ContentRef
from penstockd.database import Database, Sql


class SqlContentCatalog:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, content: Content) -> Content:
        async def work(sql: Sql) -> Content:
            await sql.run(
                texts.INSERT_CONTENT,
                namespace=content.namespace,
                sha256=content.ref.sha256,
                size=content.ref.size,
                create_time=content.create_time,
            )
            return await load_content(sql, content.key)

        return await self._database.write(work)

    async def load(self, key: ContentKey) -> Content:
        return await self._database.read(lambda sql: load_content(sql, key))

    async def unnamed(self, keys: Sequence[ContentKey]) -> Sequence[ContentKey]:
        async def work(sql: Sql) -> list[ContentKey]:
            return [key for key in keys if await find_content(sql, key) is None]

        return await self._database.read(work)

    async def bytes_by_namespace(self) -> Mapping[str, int]:
        rows = await self._database.read(lambda sql: sql.all(texts.CONTENT_BYTES_BY_NAMESPACE))
        return {row["namespace"]: row["used"] for row in rows}


async def load_content(sql: Sql, key: ContentKey) -> Content:
    content = await find_content(sql, key)
    if content is None:
        digest = key.sha256.hex()
        raise ContentNotFound(
            f"no content in {key.namespace} has the SHA-256 {digest}: upload it first",
            sha256=digest,
        )
    return content


async def find_content(sql: Sql, key: ContentKey) -> Content | None:
    row = await sql.one(texts.CONTENT, namespace=key.namespace, sha256=key.sha256)
    return None if row is None else _content(row)


def _content(row: dict[str, Any]) -> Content:
    return Content(
        namespace=row["namespace"],
        ref=ContentRef(sha256=row["sha256"], size=row["size"]),
        create_time=row["create_time"],
    )
