"""The runtimes of this executor, and the one that the type of its pool chooses."""

from collections.abc import Mapping

from penstockd.executor.runtimes import Runtime


class Runtimes:
    def __init__(self, by_type: Mapping[str, Runtime]) -> None:
        self._by_type = by_type
        self._chosen: Runtime | None = None

    @property
    def chosen(self) -> Runtime:
        """The pool's. Nothing is started before this worker is registered."""
        assert self._chosen is not None  # noqa: S101 - work is asked for after registering
        return self._chosen

    def choose(self, pool_type: str) -> None:
        """Raises NoRuntime."""
        runtime = self.find(pool_type)
        if runtime is None:
            raise NoRuntime(
                f"its work pool has the type {pool_type!r}, but this executor starts only "
                f"runs of the type {', '.join(sorted(self._by_type))}: set "
                "PENSTOCK_EXECUTOR_WORK_POOL to "
                "another pool, or start an executor that has a runtime for this one"
            )
        self._chosen = runtime

    def find(self, name: str) -> Runtime | None:
        return self._by_type.get(name)


class NoRuntime(Exception):
    """The type of the pool is none that this executor can start runs of."""
