"""Generated code that is stale, missing, or left over counts as drift."""

from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from tools.generate import API, DESCRIPTORS, SERVICE_CONFIG, drift, fingerprints, generate

CONTRACT = """\
syntax = "proto3";
package penstock.api.type.v1;
import "buf/validate/validate.proto";
message Page {
  string token = 1 [(buf.validate.field).string.max_len = 100];
}
"""
SERVICE = """\
syntax = "proto3";
package penstock.api.type.v1;
import "penstock/api/type/v1/page.proto";
service PageService {
  rpc TurnPage(Page) returns (Page);
}
"""
ROOT = Path(__file__).resolve().parents[3]
OPTIONS = [f"proto/penstock/api/type/v1/{each}.proto" for each in ("access", "max_bytes")]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for path in ("buf.yaml", "buf.gen.yaml", "tools/grpc_python_plugin.py", *OPTIONS):
        (tmp_path / path).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / path).write_text((ROOT / path).read_text())
    (tmp_path / "proto/penstock/api/type/v1/page.proto").write_text(CONTRACT)
    (tmp_path / "proto/penstock/api/type/v1/page_service.proto").write_text(SERVICE)
    (tmp_path / "proto/third_party").symlink_to(ROOT / "proto/third_party")
    generate(tmp_path)
    return tmp_path


def test_generating_again_changes_nothing(checkout: Path) -> None:
    before = fingerprints(checkout)
    generate(checkout)
    assert drift(before, fingerprints(checkout)) == []


def test_every_generated_folder_is_a_package(checkout: Path) -> None:
    assert (checkout / API / "__init__.py").exists()
    assert (checkout / API / "type/v1/__init__.py").exists()


def test_only_a_service_gets_stubs(checkout: Path) -> None:
    stubs = sorted(path.name for path in (checkout / API / "type/v1").glob("*_grpc.py*"))
    assert stubs == ["page_service_pb2_grpc.py", "page_service_pb2_grpc.pyi"]


def test_the_client_is_generated_without_the_validation_that_the_server_keeps(
    checkout: Path,
) -> None:
    assert b"buf/validate" not in (checkout / API / "type/v1/page_pb2.py").read_bytes()
    assert b"buf/validate/validate.proto" in (checkout / DESCRIPTORS).read_bytes()


def test_a_changed_contract_is_drift(checkout: Path) -> None:
    before = fingerprints(checkout)
    changed = CONTRACT.replace("token", "cursor")
    (checkout / "proto/penstock/api/type/v1/page.proto").write_text(changed)
    generate(checkout)
    assert API / "type/v1/page_pb2.py" in drift(before, fingerprints(checkout))


def test_a_changed_service_changes_how_it_is_called(checkout: Path) -> None:
    before = fingerprints(checkout)
    changed = SERVICE.replace("returns (Page)", "returns (stream Page)")
    (checkout / "proto/penstock/api/type/v1/page_service.proto").write_text(changed)
    generate(checkout)
    changed_files = drift(before, fingerprints(checkout))
    assert {SERVICE_CONFIG, API / "service_config.py"} <= set(changed_files)


def test_code_without_a_contract_is_drift(checkout: Path) -> None:
    leftover = checkout / API / "type/v1/gone_pb2.py"
    leftover.touch()
    before = fingerprints(checkout)
    generate(checkout)
    assert drift(before, fingerprints(checkout)) == [API / "type/v1/gone_pb2.py"]


def test_the_descriptors_tell_what_errors_carry(checkout: Path) -> None:
    found = FileDescriptorSet.FromString((checkout / DESCRIPTORS).read_bytes())
    names = {f"{file.package}.{each.name}" for file in found.file for each in file.message_type}
    assert {"google.rpc.Status", "google.rpc.ErrorInfo", "google.rpc.RetryInfo"} <= names
