"""Forgets what the service remembers for a time only: requests, and changes in its outbox."""

from datetime import datetime

from penstockd.database import Database
from penstockd.database.change_feed import Outbox
from penstockd.database.request_log import RequestLog


class SqlRetention:
    def __init__(self, database: Database, outbox: Outbox, request_log: RequestLog) -> None:
        self._database = database
        self._outbox = outbox
        self._request_log = request_log

    async def forget(self, *, requests_before: datetime, changes_before: datetime) -> int:
        """Forget one batch of each; return how many rows."""
        requests = await self._database.write(
            lambda sql: self._request_log.expire(sql, older_than=requests_before)
        )
        changes = await self._database.write(
            lambda sql: self._outbox.expire(sql, older_than=changes_before)
        )
        return requests + changes
