"""What can be asked of futures."""

import pytest

from penstock.futures import wait


def test_a_negative_time_out_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        wait([], timeout=-1)
