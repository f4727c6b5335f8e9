"""A keyword that a decorator does not take is answered with what to do."""

import pytest

from penstock import flow, task
from penstock.exceptions import UnsupportedKeyword


@pytest.mark.parametrize(
    ("decorator", "keyword", "advice"),
    [
        (task, "retires", "did you mean retries?"),
        (task, "retry_delay_second", "did you mean retry_delay_seconds?"),
        (flow, "timeout_second", "did you mean timeout_seconds?"),
        (task, "persist_result", "persist_result is not in this version, so leave it out"),
        (flow, "on_failure", "on_failure is not in this version, so leave it out"),
        (flow, "zzz", "leave it out"),
    ],
)
def test_an_unknown_keyword_is_answered(decorator: object, keyword: str, advice: str) -> None:
    with pytest.raises(UnsupportedKeyword) as refused:
        decorator(**{keyword: 1})  # type: ignore[operator]
    assert str(refused.value).endswith(f"does not support {keyword}: {advice}")
