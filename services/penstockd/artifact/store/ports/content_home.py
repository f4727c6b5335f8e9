"""Where it is written down which place has the bytes."""

from typing import Protocol

from penstockd.artifact.rules.content_home import ContentHome


class ContentHomes(Protocol):
    async def claim(self, home: ContentHome) -> ContentHome:
        """Write the home down if there is none; return the one that is written down."""

    async def replace(self, home: ContentHome) -> None:
        """Write it down in place of one that is lost."""
