"""Whether the service can serve: whether its store answers."""

from penstock.errors import PenstockError
from penstockd.chassis.logs import in_full
from penstockd.state.store import Store


class StoreHealth:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def lacks(self) -> str:
        """Return what is missing, in words; nothing when the service can serve."""
        try:
            await self._store.read(lambda tx: tx.cursor())
        except PenstockError as error:
            return f"the store does not answer: {in_full(error)}"
        return ""
