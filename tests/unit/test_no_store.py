"""A flow opens the store, so that no unit test calls one."""

import pytest

from penstock import flow


def test_a_unit_test_that_opens_a_store_is_told_where_it_belongs() -> None:
    with pytest.raises(pytest.fail.Exception, match="opens no store: it is integration"):
        flow(name="opening")(lambda: None)()
