"""What is too much to keep in memory while a service is away: on disk, in order."""

from __future__ import annotations

import pickle
import tempfile
from typing import IO, Any, NamedTuple


class Place(NamedTuple):
    """Where a batch lies in the spool."""

    offset: int
    size: int


class Spool:
    """Batches in a file without a name: nobody else can open it, and it goes with the process.

    Used by the loop's thread alone.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._end = 0
        self._batches = 0

    def put(self, batch: list[Any]) -> Place:
        """Keep a batch.

        Raises:
            OSError: the disk has no room for it.
        """
        data = pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="penstock-")  # noqa: SIM115 - see `take`
        self._file.seek(self._end)
        self._file.write(data)
        self._file.flush()
        place = Place(self._end, len(data))
        self._end += len(data)
        self._batches += 1
        return place

    def take(self, place: Place) -> list[Any]:
        """Return a batch, once; with the last one the file is gone."""
        assert self._file is not None, "a batch was put"  # noqa: S101 - else it has no place
        self._file.seek(place.offset)
        batch: list[Any] = pickle.loads(self._file.read(place.size))  # noqa: S301 - our own
        self._batches -= 1
        if not self._batches:
            self.close()
        return batch

    def close(self) -> None:
        """Forget what is left."""
        if self._file is not None:
            self._file.close()
        self._file, self._end, self._batches = None, 0, 0
