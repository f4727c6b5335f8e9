"""How the modules here answer: from a variable of the environment, or from the run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

Readers = Mapping[str, Callable[[], Any]]


def fact(section: str, readers: Readers, name: str) -> Any:
    """Return one fact.

    Raises:
        AttributeError: there is no such fact.
    """
    if name not in readers:
        raise AttributeError(f"penstock.runtime.{section} has no {name!r}")
    given = os.environ.get(f"PENSTOCK__RUNTIME__{section.upper()}__{name.upper()}")
    if given is None:
        return readers[name]()
    try:
        return json.loads(given)
    except ValueError:
        return given
