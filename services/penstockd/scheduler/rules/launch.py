"""How the code of a flow is started."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchSpec:
    entrypoint: str
    interpreter: str = ""
    working_dir: str = ""
    sys_path: tuple[str, ...] = ()
    source_digest: str = ""
