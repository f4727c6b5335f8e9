"""Describes an exception, whatever its class does when it is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from penstock.failures.causes import causes_of
from penstock.failures.previews import previewed
from penstock.failures.retry_advice import advice_of
from penstock.failures.stacks import stack_of
from penstock.ground.texts import cut, qualified_name_of, text_of
from penstock.payloads.encoding import as_pickle
from penstock.payloads.values import INLINE_LIMIT, EncodedPayload

LONGEST_TYPE = 400
# A message is counted in characters, a stack in bytes.
LONGEST_MESSAGE, LONGEST_STACK = 16_384, 65_536
LONGEST_CAUSE_MESSAGE, LONGEST_CAUSE_STACK = 4096, 16_384
MOST_CAUSES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCause:
    """An exception that led to another, or that stands in a group."""

    error_type: str
    message: str
    stack: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What ended an attempt.

    Attributes:
        error_type: the class of the exception with its module; Python's own have none.
        message: its text and its notes.
        stack: the frames of the user's code, the one that raised last.
        language: where `error_type`, `stack` and `data` make sense.
        do_not_retry: trying again would fail again.
        retry_after: how long to wait before the next attempt, if the one who failed knows.
        data: the exception itself, if it can be pickled and is small.
        causes: what led to it and what stands in it, the nearest first.
        inputs: what was given to the function, shortly.
    """

    error_type: str
    message: str
    stack: str
    language: str = "python"
    do_not_retry: bool = False
    retry_after: timedelta | None = None
    data: EncodedPayload | None = None
    causes: Sequence[FailureCause] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)


def failure_of(
    error: BaseException,
    inputs: Mapping[str, Any] | None = None,
    secret_names: Collection[str] = (),
) -> Failure:
    """Describe an exception. Nothing that its class does makes this raise.

    Args:
        error: what the function raised.
        inputs: what the function was given, by name.
        secret_names: inputs that are secret by their annotation.
    """
    advice = advice_of(error)
    return Failure(
        error_type=cut(qualified_name_of(type(error)), LONGEST_TYPE),
        message=message_of(error, LONGEST_MESSAGE),
        stack=stack_of(error, LONGEST_STACK),
        do_not_retry=advice.do_not_retry,
        retry_after=advice.retry_after,
        data=_pickled(error),
        causes=tuple(_cause(each) for each in causes_of(error, MOST_CAUSES)),
        inputs=previewed(inputs or {}, secret_names),
    )


def message_of(error: BaseException, longest: int) -> str:
    """Return the text of an exception and its notes; a longer one is cut and says so."""
    said = [text_of(error)]
    notes = dict.get(vars(BaseException)["__dict__"].__get__(error), "__notes__")
    if type(notes) is list:
        said += [note for note in notes if type(note) is str]
    return cut("\n".join(said), longest)


def _cause(error: BaseException) -> FailureCause:
    return FailureCause(
        error_type=cut(qualified_name_of(type(error)), LONGEST_TYPE),
        message=message_of(error, LONGEST_CAUSE_MESSAGE),
        stack=stack_of(error, LONGEST_CAUSE_STACK),
    )


def _pickled(error: BaseException) -> EncodedPayload | None:
    try:
        return as_pickle(error, INLINE_LIMIT)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - pickling runs foreign code, which raises anything
        return None
