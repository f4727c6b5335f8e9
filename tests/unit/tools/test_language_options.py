"""Every file of the contract says what it is called in other languages."""

from pathlib import Path

import pytest

from tools.language_options import stale, with_options

BARE = """\
syntax = "proto3";

package penstock.api.state.v1;

import "penstock/api/type/v1/payload.proto";

// A weir.
message Weir {}
"""
COMPLETE = """\
syntax = "proto3";

package penstock.api.state.v1;

import "penstock/api/type/v1/payload.proto";

option csharp_namespace = "Penstock.Api.State.V1";
option go_package = "penstock.dev/client-go/api/state/v1;statev1";
option java_multiple_files = true;
option java_package = "dev.penstock.api.state.v1";

// A weir.
message Weir {}
"""


def test_options_follow_the_package() -> None:
    assert with_options(BARE) == COMPLETE


def test_a_file_without_imports_has_them_too() -> None:
    path = 'import "penstock/api/type/v1/payload.proto";\n\n'
    assert with_options(BARE.replace(path, "")) == COMPLETE.replace(path, "")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("statev1", "state"),
        ("dev.penstock", "io.penstock"),
        ("option java_multiple_files = true;\n", ""),
    ],
)
def test_other_options_are_replaced(right: str, wrong: str) -> None:
    assert right in COMPLETE
    assert with_options(COMPLETE.replace(right, wrong)) == COMPLETE


def test_options_of_other_kinds_stay() -> None:
    deprecated = COMPLETE.replace("option java_p", "option deprecated = true;\noption java_p")
    assert "option deprecated = true;" in with_options(deprecated)


def test_a_package_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="DOMAIN"):
        with_options(BARE.replace("penstock.api.state.v1", "penstock.state"))


def test_only_wrong_files_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "proto/penstock/api/state/v1"
    folder.mkdir(parents=True)
    (folder / "bare.proto").write_text(BARE)
    (folder / "complete.proto").write_text(COMPLETE)
    assert stale(tmp_path) == {folder / "bare.proto": COMPLETE}
