"""Whether the bytes that a replica would keep are those that all replicas see."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentHome:
    """A place for bytes. Its id stays when it is moved; `place` is for people."""

    id: UUID
    place: str


def refusal(own: ContentHome, known: ContentHome) -> str:
    """Return why a replica with this home must not serve; nothing if it may."""
    if own.id == known.id:
        return ""
    return (
        f"the results of this database are in {known.place}, but this replica "
        f"uses another folder, {own.place}: neither finds what the other stores. "
        "Share that folder, and set PENSTOCK_ARTIFACT_CONTENT_FOLDER to it; if "
        "it is lost for good, with the results in it, start once with "
        "PENSTOCK_ARTIFACT_REPLACE_CONTENT_FOLDER=true"
    )
