"""Before a replica serves: are its bytes where those of the others are?"""

from collections.abc import Callable
from uuid import UUID

from penstockd.artifact.rules.content_home import ContentHome, refusal
from penstockd.artifact.store.ports.content import ContentStore, UnusableStore
from penstockd.artifact.store.ports.content_home import ContentHomes


class Settling:
    """`place` is what people are told of where this replica keeps bytes."""

    def __init__(
        self, store: ContentStore, homes: ContentHomes, new_id: Callable[[], UUID], place: str
    ) -> None:
        self._store = store
        self._homes = homes
        self._new_id = new_id
        self._place = place

    async def settle(self, *, replace: bool) -> str:
        """Return why this replica must not serve; nothing if it may."""
        try:
            identity = await self._store.identity(self._new_id())
        except UnusableStore as error:
            return str(error)
        own = ContentHome(id=identity, place=self._place)
        if replace:
            await self._homes.replace(own)
        return refusal(own, await self._homes.claim(own))
