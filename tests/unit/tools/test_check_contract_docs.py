"""What the contract leaves unsaid is found; the smallest complete contract passes."""

from pathlib import Path

import pytest

from tools.check_contract_docs import check, described

COMPLETE = """\
syntax = "proto3";
package penstock.api.type.v1;

// Changes flows.
service FlowService {
  // Makes a flow.
  //
  // Errors:
  // - NOT_FOUND / FLOW_NOT_FOUND: there is no such flow,
  //   nor was there one.
  rpc CreateFlow(CreateFlowRequest) returns (CreateFlowResponse) {
    option idempotency_level = IDEMPOTENT;
  }
}

// Request for FlowService.CreateFlow.
message CreateFlowRequest {
  // One per intent.
  string request_id = 1;
  // By name.
  map<string, string> labels = 2;
  // What to make.
  oneof kind {
    // By name.
    string name = 3;
  }
  // May be absent.
  optional string note = 4;
}

// Response for FlowService.CreateFlow.
message CreateFlowResponse {}

// Why a call failed.
enum ErrorReason {
  // Never sent.
  ERROR_REASON_UNSPECIFIED = 0;
  // No such flow.
  ERROR_REASON_FLOW_NOT_FOUND = 1;
}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "buf.yaml").write_text("version: v2\nmodules:\n  - path: proto\n")
    (tmp_path / "proto/penstock/api/type/v1").mkdir(parents=True)
    (tmp_path / "docs/errors").mkdir(parents=True)
    (tmp_path / "docs/errors/FLOW_NOT_FOUND.md").write_text("# FLOW_NOT_FOUND\n")
    return tmp_path


def found(checkout: Path, contract: str) -> list[str]:
    (checkout / "proto/penstock/api/type/v1/flow.proto").write_text(contract)
    return [finding.message for finding in check(checkout, described(checkout))]


def test_a_complete_contract_passes(checkout: Path) -> None:
    assert found(checkout, COMPLETE) == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("// Changes flows.\n", "FlowService: this service has no comment"),
        ("  // One per intent.\n", "CreateFlowRequest.request_id: this field has no comment"),
        ("  // What to make.\n", "CreateFlowRequest.kind: this oneof has no comment"),
        ("  // May be absent.\n", "CreateFlowRequest.note: this field has no comment"),
        (
            "// Response for FlowService.CreateFlow.\n",
            "CreateFlowResponse: this message has no comment",
        ),
        ("// Why a call failed.\n", "ErrorReason: this enum has no comment"),
        (
            "  // No such flow.\n",
            "ERROR_REASON_FLOW_NOT_FOUND: this enum value has no comment",
        ),
    ],
)
def test_a_missing_comment_is_found(checkout: Path, comment: str, message: str) -> None:
    assert comment in COMPLETE
    assert found(checkout, COMPLETE.replace(comment, "")) == [message]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Errors:", "Mistakes:", "its comment must say what it does, and then list `Errors:`"),
        (" / FLOW_NOT_FOUND", "", "`Errors:` wants lines like `- CODE / REASON: when`"),
        (
            "NOT_FOUND / FLOW",
            "ABORTED / FLOW",
            "FLOW_NOT_FOUND goes with NOT_FOUND, not with ABORTED",
        ),
        (" / FLOW_NOT_FOUND", " / FLOW_GONE", "FLOW_GONE is no value of ErrorReason"),
        (
            "    option idempotency_level = IDEMPOTENT;\n",
            "",
            "it has no idempotency_level",
        ),
        (
            "string request_id = 1;",
            "string id = 1;",
            "a mutation needs a request_id, or a comment that says `Idempotent by …`",
        ),
    ],
)
def test_what_an_rpc_leaves_open_is_found(
    checkout: Path, old: str, new: str, message: str
) -> None:
    assert old in COMPLETE
    assert found(checkout, COMPLETE.replace(old, new)) == [f"FlowService.CreateFlow: {message}"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (" note = 4", " type = 4", "CreateFlowRequest.type: 'type' is a keyword"),
        ("oneof kind", "oneof match", "CreateFlowRequest.match: 'match' is a keyword"),
        ("enum ErrorReason", "enum Event", "Event: 'Event' is a keyword"),
        (
            "message CreateFlowResponse {}",
            "message CreateFlowResponse {\n  // A flow.\n  message Flow {}\n}",
            "CreateFlowResponse.Flow: a message stands on its own",
        ),
    ],
)
def test_a_name_that_generators_mangle_is_found(
    checkout: Path, old: str, new: str, message: str
) -> None:
    assert old in COMPLETE
    first = found(checkout, COMPLETE.replace(old, new))[0]
    assert first.startswith(message)


def test_a_namespace_may_be_named_so(checkout: Path) -> None:
    assert found(checkout, COMPLETE.replace(" note = 4", " namespace = 4")) == []


def test_a_mutation_may_be_idempotent_in_another_way(checkout: Path) -> None:
    contract = COMPLETE.replace("string request_id = 1;", "string id = 1;")
    contract = contract.replace("// Makes a flow.", "// Makes a flow. Idempotent by id.")
    assert found(checkout, contract) == []


def test_a_reason_without_a_page_is_found(checkout: Path) -> None:
    (checkout / "docs/errors/FLOW_NOT_FOUND.md").unlink()
    assert found(checkout, COMPLETE) == ["the reason FLOW_NOT_FOUND has no page"]


def test_a_page_without_a_reason_is_found(checkout: Path) -> None:
    (checkout / "docs/errors/FLOW_GONE.md").touch()
    assert found(checkout, COMPLETE) == ["FLOW_GONE is no value of ErrorReason"]
