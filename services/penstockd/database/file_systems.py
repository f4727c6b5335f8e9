"""Refuses stores on network file systems, whose locks and shared memory cannot be trusted."""

from pathlib import Path

from penstock.errors import InvalidArgument

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = ("nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph", "lustre", "gpfs", "glusterfs")


def refuse_network_file_system(folder: Path) -> None:
    """Raises InvalidArgument that names the mount. Only Linux tells."""
    try:
        mounts = _MOUNTS.read_text()
    except OSError:
        return
    kind, mount = file_system_of(folder.resolve(), mounts)
    if kind.startswith(_NETWORK):
        raise InvalidArgument(
            f"{folder} is on {mount}, a network file system ({kind}): SQLite would lose "
            "data there; set XDG_DATA_HOME to a local folder, or use PostgreSQL"
        )


def file_system_of(folder: Path, mounts: str) -> tuple[str, str]:
    """Return kind and place of the mount that holds a folder, by the text of mountinfo."""
    found = ("", "")
    for line in mounts.splitlines():
        fields = line.split(" ")
        mount = fields[4].encode().decode("unicode_escape")
        # Of two mounts at one place the later one covers the other.
        if folder.is_relative_to(mount) and len(mount) >= len(found[1]):
            found = (fields[fields.index("-") + 1], mount)
    return found
