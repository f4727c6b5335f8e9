"""The golden vectors, which generated clients of every language replay."""

import json
from pathlib import Path
from typing import Any

from penstockd.state.rules.state import S, StateType

VECTORS = Path(__file__).parents[3] / "proto/vectors"


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text())["cases"]
    return found


def pair_of(name: str) -> tuple[StateType, StateType]:
    """Return the two states that a case is named by."""
    before, after = [S(word) for word in name.split() if word.isupper()]
    return before, after
