"""What `pip install penstock` brings, with no extra."""

from importlib.metadata import requires

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FEWER_THAN = 25


def closure(distribution: str) -> set[str]:
    """Return the distribution and all that it needs on this machine, by their names."""
    found: set[str] = set()
    wanted = [distribution]
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name in found:
            continue
        found.add(name)
        needs = map(Requirement, requires(name) or ())
        wanted += [need.name for need in needs if not need.marker or _applies(need.marker)]
    return found


def _applies(marker: Marker) -> bool:
    return marker.evaluate({"extra": ""})


def test_the_base_install_is_small() -> None:
    assert len(closure("penstock")) < FEWER_THAN, sorted(closure("penstock"))
