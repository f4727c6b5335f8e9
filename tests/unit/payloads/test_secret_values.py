"""Secrets never leave the process: they are redacted, refused at deploy, and never shown."""

import dataclasses
import pickletools
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, NamedTuple, NewType, TypedDict

import cloudpickle  # type: ignore[import-untyped]
import pytest
from pydantic import BaseModel, Field, Secret, SecretBytes, SecretStr
from pydantic import dataclasses as pydantic_dataclasses

from penstock import task
from penstock.exceptions import ParameterTypeError
from penstock.failures.failure import failure_of
from penstock.parameters import Parameters
from penstock.payloads.decoding import decode
from penstock.payloads.encoding import encode, encode_parameters
from penstock.payloads.secret_values import is_secret_hint, refuse_secrets
from penstock.payloads.values import JSON, PICKLE, REDACTED, UnreadablePayload

CLEAR = "hunter2-in-the-clear"
WITHOUT_PYDANTIC = """
import sys
from penstock.payloads.encoding import encode
from penstock.payloads.secret_values import is_secret_hint, refuse_secrets
encode(object)
refuse_secrets({"a": [object()]})
is_secret_hint(list[int])
print("pydantic" in sys.modules)
"""


class ApiKey(SecretStr):
    """A secret of the user's own class, which remembers too much."""

    def __init__(self, secret_value: str) -> None:
        super().__init__(secret_value)
        self.again = secret_value


class Pin(Secret[int]):
    pass


class Login(BaseModel):
    user: str = "ann"
    password: SecretStr = SecretStr(CLEAR)


class Careless(BaseModel):
    password: SecretStr = CLEAR  # type: ignore[assignment]
    token: SecretStr | None = Field(default=CLEAR)  # type: ignore[assignment]


class Extra(BaseModel, extra="allow"):
    pass


class Pair(NamedTuple):
    user: str
    password: SecretStr


class Form(TypedDict):
    password: SecretStr


@dataclasses.dataclass
class Account:
    password: Any
    user: str = "ann"


@dataclasses.dataclass(slots=True)
class Slotted:
    password: SecretStr


@pydantic_dataclasses.dataclass
class Checked:
    password: SecretStr


class Anything:
    def __init__(self, password: SecretStr) -> None:
        self.password = password


def secret() -> SecretStr:
    return SecretStr(CLEAR)


def remembering() -> Callable[[], str]:
    inside = secret()
    return lambda: inside.get_secret_value() + "!"


KEPT: list[Callable[[], Any]] = [
    secret,
    lambda: SecretBytes(CLEAR.encode()),
    lambda: ApiKey(CLEAR),
    lambda: Pin(1_234_567_890_123),
    lambda: [secret()],
    lambda: {"a": [1, {"b": secret()}]},
    lambda: [*range(20), secret()],
    lambda: (1, secret()),
    lambda: {secret()},
    lambda: deque([secret()]),
    lambda: {secret(): 1},
    lambda: Pair("ann", secret()),
    Login,
    lambda: [{"logins": (Login(),)}],
    lambda: Extra.model_validate({"token": secret()}),
    lambda: Account(secret()),
    lambda: Account([Account(secret())]),
    lambda: Slotted(secret()),
    lambda: Checked(secret()),
]
ONLY_PICKLED: list[Callable[[], Any]] = [
    lambda: Anything(secret()),
    remembering,
    lambda: partial(print, secret()),
    lambda: ValueError("refused", secret()),
    lambda: task(remembering()),
    lambda: task(on_commit=[partial(print, secret())])(tells),
]


@pytest.mark.parametrize("make", KEPT + ONLY_PICKLED)
def test_no_bytes_hold_a_secret(make: Callable[[], Any]) -> None:
    value = make()
    for encoded in (encode(value), encode_parameters({"a": value})["a"]):
        assert encoded is not None
        assert not tells(encoded.data)
        if encoded.content_type == PICKLE:
            decode(encoded.content_type, encoded.data)


@pytest.mark.parametrize("make", KEPT)
def test_deployments_refuse_secrets(make: Callable[[], Any]) -> None:
    with pytest.raises(ParameterTypeError, match=r"deployment.*leave out password") as raised:
        refuse_secrets({"user": "ann", "password": make()})
    assert not tells(str(raised.value).encode())


def test_the_test_itself_would_see_a_secret() -> None:
    assert tells(cloudpickle.dumps(Anything(secret())))
    assert tells(cloudpickle.dumps(Pin(1_234_567_890_123)))


def test_a_redacted_secret_in_json_is_listed_and_comes_back_as_one() -> None:
    encoded = encode({"user": "ann", "password": secret(), "ids": [2**60]})
    assert encoded is not None
    assert encoded.content_type == JSON
    assert encoded.data == (
        b'{"user":"ann","password":"**********","ids":["1152921504606846976"]}'
    )
    assert (encoded.integer_pointers, encoded.redacted_pointers) == (
        ("/ids/0",),
        ("/password",),
    )
    read = decode(*encoded)
    assert read == {"user": "ann", "password": SecretStr(REDACTED), "ids": [2**60]}


def test_a_redacted_secret_in_a_pickle_stays_one_of_its_kind() -> None:
    encoded = encode((secret(), SecretBytes(CLEAR.encode()), ApiKey(CLEAR), Pin(7), Login()))
    assert encoded is not None
    text, raw, key, pin, login = decode(*encoded)
    assert text == key == pin == login.password == SecretStr(REDACTED)
    assert type(key) is SecretStr
    assert raw == SecretBytes(REDACTED.encode())


def test_a_marker_that_is_none_is_refused() -> None:
    with pytest.raises(UnreadablePayload, match="the marker of a secret"):
        decode(JSON, b"[1]", (), ["/0"])


def test_the_value_itself_keeps_its_secret() -> None:
    value = {"password": secret(), "more": [secret()]}
    encode(value)
    assert value["password"] == secret()
    assert value["more"] == [secret()]


def test_deployments_take_what_holds_no_secret() -> None:
    ring: list[Any] = [Login.model_construct(password="********")]
    ring.append(ring)
    refuse_secrets({"ring": ring, "none": None, "kind": Login, "no": None}, ["no"])


def test_a_refusal_says_where_the_secret_is() -> None:
    with pytest.raises(ParameterTypeError, match=r"leave out key, deep \(at /a/1/password\), "):
        refuse_secrets({"deep": {"a": [1, Account(secret())]}, "key": "text"}, ["key"])


@pytest.mark.parametrize(
    "hint",
    [
        SecretStr,
        SecretBytes | None,
        ApiKey,
        Pin,
        Secret[int],
        Annotated[SecretStr, Field(min_length=3)],
        dict[str, list[tuple[SecretStr, ...]]],
        NewType("Password", SecretStr),
        Login,
        list[Login],
        Pair,
        Form,
        Account | Slotted,
        Checked,
    ],
    ids=str,
)
def test_hints_tell_secrets(hint: Any) -> None:
    assert is_secret_hint(hint)


@pytest.mark.parametrize(
    "hint", [int, str, Any, list[int], Account, Anything, "SecretStr", None]
)
def test_hints_without_secrets(hint: Any) -> None:
    assert not is_secret_hint(hint)


def guarded(
    user: str,
    password: Annotated[SecretStr, Field(min_length=100)] = CLEAR,  # type: ignore[assignment]
    login: Login | None = None,
    careless: Careless | None = None,
    again: SecretStr = Field(default=CLEAR),  # type: ignore[assignment]  # noqa: B008 - as pydantic's users do
) -> None: ...


def test_what_a_secret_parameter_was_given_is_not_said() -> None:
    parameters = Parameters(guarded)
    assert parameters.secret_names() == {"password", "login", "careless", "again"}
    given = {"user": 1, "password": CLEAR, "login": {"password": [CLEAR]}, "again": 5}
    given["careless"] = None
    with pytest.raises(ParameterTypeError) as raised:
        parameters.validated(given)
    assert not tells(str(raised.value).encode())
    assert "user must be a string, not 1 (int)" in str(raised.value)
    assert "password must have at least 100 items" in str(raised.value)


def test_schemas_say_no_secret_default() -> None:
    schema = Parameters(guarded).schema()
    assert not tells(str(schema).encode())
    assert schema["required"] == ["user"]


def test_text_for_a_secret_parameter_is_redacted() -> None:
    parameters = {"user": "ann", "password": CLEAR, "login": None}
    encoded = encode_parameters(parameters, Parameters(guarded).secret_names())
    assert decode(*encoded["password"]) == SecretStr(REDACTED)
    assert decode(*encoded["user"]) == "ann"
    assert decode(*encoded["login"]) is None


@pytest.mark.parametrize("make", KEPT + ONLY_PICKLED)
def test_failures_show_no_secret(make: Callable[[], Any]) -> None:
    value = make()
    failure = failure_of(
        ValueError("refused", value), {"value": value, "text": CLEAR}, ["text"]
    )
    assert not tells(repr(failure).encode())
    assert failure.data is not None
    assert not tells(failure.data.data)
    assert failure.inputs["text"] == REDACTED


def test_looking_for_secrets_does_not_load_pydantic() -> None:
    command = [sys.executable, "-c", WITHOUT_PYDANTIC]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout == "False\n", ended.stderr


def tells(data: bytes) -> bool:
    if CLEAR.encode() in data:
        return True
    if data[:1] == b"\x80":
        return any(argument == 1_234_567_890_123 for _, argument, _ in pickletools.genops(data))
    return b"1234567890123" in data
