"""No legal answer of any RPC is too large to be sent."""

import pytest
from google.protobuf.descriptor import Descriptor

from contract import answer_sizes
from contract.answer_sizes import answers, largest
from penstock.wire_channels import LONGEST_MESSAGE

ANSWERS = dict(answers())


@pytest.mark.parametrize("method", sorted(ANSWERS))
def test_the_largest_legal_answer_fits_into_a_message(method: str) -> None:
    assert largest(ANSWERS[method]) < LONGEST_MESSAGE


@pytest.mark.parametrize("bounds", ["MAX_BYTES", "WRITTEN", "MOST", "CUT_TOGETHER"])
def test_without_one_of_the_bounds_some_answer_does_not_fit(
    monkeypatch: pytest.MonkeyPatch, bounds: str
) -> None:
    monkeypatch.setattr(answer_sizes, bounds, {})
    assert any(map(_is_too_large, ANSWERS.values()))


def _is_too_large(answer: Descriptor) -> bool:
    try:
        return largest(answer) >= LONGEST_MESSAGE
    except LookupError:
        return True
