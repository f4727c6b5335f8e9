"""What is deployed is stored, so a secret is refused before anything leaves the process."""

from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from penstock import flow, run_deployment
from penstock.exceptions import ParameterTypeError


class Login(BaseModel):
    user: str
    password: SecretStr


@flow
def imports(login: Any = None, day: str = "", key: SecretStr | None = None) -> None:
    pass


@pytest.mark.parametrize(
    "value",
    [
        SecretStr("hunter2"),
        {"db": [SecretStr("hunter2")]},
        Login(user="a", password=SecretStr("hunter2")),
    ],
)
def test_a_secret_is_refused_at_deploy_and_at_run(value: Any) -> None:
    with pytest.raises(
        ParameterTypeError, match="must not contain secrets: leave out login"
    ) as told:
        imports.deploy("d", "a-pool", parameters={"login": value})
    assert "hunter2" not in str(told.value)
    with pytest.raises(ParameterTypeError, match="must not contain secrets: leave out login"):
        run_deployment("imports/d", parameters={"login": value})


def test_plain_text_for_a_parameter_that_is_secret_is_refused_at_deploy() -> None:
    with pytest.raises(ParameterTypeError, match="must not contain secrets: leave out key"):
        imports.deploy("d", "a-pool", parameters={"key": "hunter2"})


def test_what_json_cannot_say_is_named() -> None:
    with pytest.raises(
        ParameterTypeError, match=r"parameter 'login' .* cannot be written as JSON"
    ):
        imports.deploy("d", "a-pool", parameters={"login": object()})
