"""Keywords that a call does not take: refused by name, with what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from penstock.exceptions import UnsupportedKeyword

# Keywords of Prefect that mean nothing here yet.
LATER = frozenset(
    {
        "as_subflow",
        "asset_deps",
        "build",
        "cache_expiration",
        "cache_key_fn",
        "cache_policy",
        "cache_result_in_memory",
        "concurrency_limit",
        "cron",
        "image",
        "interval",
        "job_variables",
        "on_cancellation",
        "on_completion",
        "on_crashed",
        "on_failure",
        "on_running",
        "paused",
        "persist_result",
        "push",
        "refresh_cache",
        "result_serializer",
        "result_storage",
        "result_storage_key",
        "rrule",
        "schedule",
        "schedules",
        "triggers",
        "viz_return_value",
    }
)


def refuse(what: str, unsupported: Iterable[str], known: Iterable[str] = ()) -> None:
    """Name what nobody knows, instead of ignoring it.

    Raises:
        UnsupportedKeyword: there is some.
    """
    if names := sorted(unsupported):
        said = f"{what} does not support {', '.join(names)}"
        raise UnsupportedKeyword(f"{said}: {_advice(names, known)}")


def _advice(names: list[str], known: Iterable[str]) -> str:
    from difflib import get_close_matches

    if later := [name for name in names if name in LATER]:
        return f"{', '.join(later)} is not in this version, so leave it out"
    near = get_close_matches(names[0], [*known], n=1)
    return f"did you mean {near[0]}?" if near else "leave it out"
