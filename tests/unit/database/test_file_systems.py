from pathlib import Path

import pytest

from penstock.errors import InvalidArgument
from penstockd.database import file_systems
from penstockd.database.file_systems import file_system_of, refuse_network_file_system

MOUNTS = """\
25 30 0:23 / / rw,relatime shared:1 - ext4 /dev/vda rw
26 25 0:24 / /home rw,relatime shared:2 - nfs4 server:/home rw
27 26 0:25 / /home/me/fast\\040disk rw - xfs /dev/vdb rw
28 25 0:26 / /far rw - fuse.sshfs me@there: rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/home/me", "nfs4"),
        ("/homes", "ext4"),
        ("/home/me/fast disk/store", "xfs"),
        ("/far/away", "fuse.sshfs"),
    ],
)
def test_a_folder_lies_on_its_nearest_mount(folder: str, kind: str) -> None:
    assert file_system_of(Path(folder), MOUNTS)[0] == kind


def test_a_store_on_a_network_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    monkeypatch.setattr(file_systems, "_MOUNTS", mounts)
    mounts.write_text(MOUNTS.replace(" / / ", f" / {tmp_path} ").replace("ext4", "cifs"))
    with pytest.raises(InvalidArgument, match="network file system"):
        refuse_network_file_system(tmp_path / "store")
    mounts.write_text(MOUNTS)
    refuse_network_file_system(tmp_path / "store")
