"""A value of the user's, which the scheduler hands on unread, and how its code is started."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRef:
    """Bytes that the artifact service keeps."""

    sha256: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    content_type: str
    data: bytes | ContentRef


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchSpec:
    entrypoint: str
    interpreter: str = ""
    working_dir: str = ""
    sys_path: tuple[str, ...] = ()
    source_digest: str = ""
