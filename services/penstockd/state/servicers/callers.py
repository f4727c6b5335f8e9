"""Who calls, as the use cases know it."""

from penstockd.state.rules.actor import USER, Actor


def the_caller() -> Actor:
    """Return who calls. Nobody is known by name: whoever shows no lease is a person."""
    return USER
