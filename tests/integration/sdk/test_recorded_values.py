"""Values come back from the services as they were given, one by one, and secrets not at all."""

import threading
from typing import Any

from pydantic import SecretStr

from penstock import flow, task
from penstock.client.payload_codec import PayloadCodec
from penstock.client.process_connection import process_connection


def arguments_of(run: Any) -> dict[str, Any]:
    opened = process_connection.opened()
    return opened.loop.run(opened.part(PayloadCodec).arguments(run.spec.parameters))


class Odd:
    """Nothing that JSON can say, nor a pickle."""

    def __reduce__(self) -> Any:
        raise TypeError("not I")

    def __repr__(self) -> str:
        return "<odd>"


def test_each_argument_is_kept_for_itself(recorded: Any) -> None:
    @flow
    def pump(numbers: Any, large: Any, pair: Any, odd: Any) -> None:
        pass

    pump([1, {"two": 2**60 + 1}], "x" * 100_000, (1, 2), Odd())
    run = recorded.flow_run(recorded.newest().id)
    numbers = run.spec.parameters["numbers"]
    assert numbers.content_type == "application/json"
    assert list(numbers.integer_pointers) == ["/1/two"]
    assert run.spec.parameters["large"].WhichOneof("data") == "content"
    assert arguments_of(run) == {
        "numbers": [1, {"two": 2**60 + 1}],
        "large": "x" * 100_000,
        "pair": (1, 2),
        "odd": "<odd>",
    }


def test_many_small_arguments_fit_into_one_message(recorded: Any) -> None:
    @flow
    def pump(**parts: str) -> None:
        pass

    parts = {f"part_{number}": "x" * 60_000 for number in range(100)}
    pump(**parts)
    run = recorded.flow_run(recorded.newest().id)
    assert arguments_of(run) == {"parts": parts}


def test_a_secret_is_never_kept(recorded: Any) -> None:
    @flow
    def pump(plain: SecretStr, inside: Any) -> Any:
        return {"again": plain}

    pump(SecretStr("hunter2"), [SecretStr("hunter2")])
    run = recorded.flow_run(recorded.newest().id)
    assert b"hunter2" not in run.SerializeToString()
    kept = arguments_of(run)
    assert kept["plain"].get_secret_value() == "**********"
    assert kept["inside"][0].get_secret_value() == "**********"
    result = recorded.result(run.result_id)
    assert result["again"].get_secret_value() == "**********"


def test_plain_text_for_a_secret_parameter_is_none_of_the_servers_business(
    recorded: Any,
) -> None:
    @flow
    def pump(password: SecretStr) -> str:
        return password.get_secret_value()

    given: Any = "hunter2"
    assert pump(given) == "hunter2"
    run = recorded.flow_run(recorded.newest().id)
    assert b"hunter2" not in run.spec.SerializeToString()


def test_what_is_not_kept_is_said_once_of_each_task(recorded: Any) -> None:
    @task
    def connect() -> threading.Lock:
        return threading.Lock()

    @task
    def load(size: int) -> bytes:
        return bytes(size)

    @flow
    def reads() -> str:
        for _ in range(3):
            connect()
            load(100_000)
        return str(len(load(10)))

    assert reads() == "10"
    run = recorded.newest()
    told = [line for line in recorded.log(run.id) if "is not stored" in line]
    assert [line.split(" is ")[0] for line in told] == [
        "What connect returned",
        "What load returned",
    ]
    assert "cannot be pickled" in told[0]
    assert "more than 65536 bytes" in told[1]


def test_a_flow_says_so_too_when_a_task_has_its_name(recorded: Any) -> None:
    @task(name="connect")
    def opened() -> threading.Lock:
        return threading.Lock()

    @flow(name="connect")
    def connecting() -> threading.Lock:
        return opened()

    connecting()
    told = [line for line in recorded.log(recorded.newest().id) if "is not stored" in line]
    assert [line.split(" is ")[0] for line in told] == [
        "What connect returned",
        "What the flow connect returned",
    ]
