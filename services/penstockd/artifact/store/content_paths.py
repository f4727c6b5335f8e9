"""Where the folder of contents has what: by digests alone, and never by a caller's text."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from penstockd.chassis.payload import ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPaths:
    """Where the bytes of one content of one namespace are."""

    root: Path
    namespace: str
    ref: ContentRef

    @property
    def home(self) -> Path:
        return self.root / sha256(self.namespace.encode()).hexdigest()[:32]

    @property
    def upload(self) -> Path:
        return self.home / "uploads" / f"{self.ref.sha256.hex()}-{self.ref.size}"

    @property
    def kept(self) -> Path:
        return kept_path(self.home, self.ref.sha256)


def kept_path(home: Path, digest: bytes) -> Path:
    return home / "kept" / digest.hex()[:2] / digest.hex()
