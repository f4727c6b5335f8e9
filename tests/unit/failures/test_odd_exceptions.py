"""Exceptions that refuse what is asked of them are described all the same."""

import asyncio
from typing import Any

import pytest

from penstock.failures.failure import LONGEST_MESSAGE, failure_of
from penstock.ground.texts import CUT
from penstock.payloads.encoding import encode
from penstock.payloads.values import CannotPickle
from unit.failures.raising import RAISED, caught


class Rude(Exception):
    """Refuses everything that can be asked of it."""

    __module__ = 5  # type: ignore[assignment]

    def __str__(self) -> str:
        raise SystemExit("not even my text")

    def __repr__(self) -> str:
        raise GeneratorExit

    def __reduce__(self) -> Any:
        raise asyncio.CancelledError

    @property
    def __cause__(self) -> Any:  # type: ignore[override]
        raise OSError

    @property
    def __context__(self) -> Any:  # type: ignore[override]
        raise OSError

    @property
    def __notes__(self) -> Any:  # type: ignore[override]
        raise OSError

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise OSError

    @property
    def retry_after(self) -> Any:
        raise OSError

    def __getattribute__(self, name: str) -> Any:
        raise OSError(name)

    def __eq__(self, other: object) -> bool:
        raise OSError

    def __hash__(self) -> int:
        raise OSError

    def __bool__(self) -> bool:
        raise OSError


class OddText(str):
    """Text that does not behave."""

    __slots__ = ()

    def __len__(self) -> int:
        raise OSError

    def __getitem__(self, key: Any) -> str:
        raise OSError

    def isascii(self) -> bool:
        raise OSError


class Saying(Exception):
    def __init__(self, text: Any) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text  # type: ignore[no-any-return]


class Unpicklable:
    def __reduce__(self) -> Any:
        raise Saying(OddText("never mind"))


class Meta(type):
    def __hash__(cls) -> int:
        raise OSError

    def __getattribute__(cls, name: str) -> Any:
        raise OSError(name)

    def __instancecheck__(cls, instance: object) -> bool:
        raise OSError

    def __subclasscheck__(cls, subclass: type) -> bool:
        raise OSError


class RudeKind(metaclass=Meta):
    pass


class RudeKindOfError(Exception, metaclass=Meta):
    pass


def test_an_exception_that_refuses_everything_is_described() -> None:
    failure = failure_of(caught(Rude()), {"rude": Rude(), "kind": RudeKind()})
    assert failure.error_type == "Rude"
    assert failure.message == "<Rude, whose text raised SystemExit>"
    assert RAISED in failure.stack
    assert failure.data is None
    assert failure.inputs == {"rude": "<Rude>", "kind": "<RudeKind>"}
    assert failure_of(caught(ValueError("x"), Rude())).causes[0].error_type == "Rude"
    assert failure_of(RudeKindOfError("x")).error_type == f"{__name__}.RudeKindOfError"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (5, "<Saying, whose text raised TypeError>"),
        (None, "<Saying, whose text raised TypeError>"),
        (b"bytes", "<Saying, whose text raised TypeError>"),
        pytest.param(OddText("odd"), "odd", id="a subclass of str"),
        ("half \ud800 zero \0", "half ? zero \ufffd"),
        ("", ""),
    ],
)
def test_text_that_is_none(text: Any, message: str) -> None:
    assert failure_of(Saying(text)).message == message


def test_why_something_cannot_be_pickled_is_said_whatever_it_says() -> None:
    with pytest.raises(CannotPickle, match=r"Unpicklable .* cannot be pickled: never mind"):
        encode(Unpicklable())


def test_an_interrupt_meanwhile_is_not_swallowed() -> None:
    class Interrupted(Exception):
        def __str__(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        failure_of(Interrupted())


def test_long_text_is_cut_and_says_so() -> None:
    message = failure_of(ValueError("x" * 10_000_000)).message
    assert len(message) == LONGEST_MESSAGE
    assert message.endswith(CUT)


def test_an_exception_that_is_large_or_unpicklable_brings_no_data() -> None:
    assert failure_of(ValueError("x" * 100_000)).data is None
    assert failure_of(ValueError(number for number in range(0))).data is None

    class Endless(Exception):
        def __reduce__(self) -> Any:
            return ValueError, (), None, iter(lambda: "x" * 1000, None)

    assert failure_of(Endless()).data is None
