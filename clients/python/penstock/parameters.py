"""The arguments of a flow: bound to its signature, checked, described by a schema."""

from __future__ import annotations

import copy
import inspect
import typing
from collections.abc import Callable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

from penstock.exceptions import ParameterTypeError
from penstock.ground.signatures import bound_arguments
from penstock.ground.validation import what_is_wrong
from penstock.payloads.secret_values import is_secret_hint

_EMPTY = inspect.Parameter.empty
_MANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_MUTABLE = (list, dict, set)


class Parameters:
    """What one flow's function takes; made once per flow."""

    def __init__(self, fn: Callable[..., Any]) -> None:
        self._fn = fn
        self.signature = inspect.signature(fn)
        self._checks: dict[str, Any] | None = None
        self._secret_names: frozenset[str] | None = None

    def bind(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments by name, with defaults for those left out.

        Raises:
            ParameterBindError: a name is unknown or given twice, or one is missing.
        """
        arguments = bound_arguments(self._name(), self.signature, args, kwargs)
        values = arguments.arguments
        for name, parameter in self.signature.parameters.items():
            if name not in values:
                values[name] = _default_of(parameter)
        return {name: values[name] for name in self.signature.parameters}

    def _name(self) -> str:
        return getattr(self._fn, "__name__", "the flow")

    def call_arguments(
        self, values: Mapping[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return arguments by name as the function takes them."""
        arguments = inspect.BoundArguments(self.signature, dict(values))
        return arguments.args, arguments.kwargs

    def validated(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments as the types that the signature asks for, converted if possible.

        Raises:
            ParameterTypeError: some cannot be; the message names each field and its reason.
        """
        if self._checks is None:
            self._checks = self._made_checks()
        if not self._checks:
            return dict(values)
        from pydantic import PydanticUserError, ValidationError

        checked = dict(values)
        wrong: list[str] = []
        for name, check in self._checks.items():
            try:
                checked[name] = check.validate_python(values[name])
            except PydanticUserError:
                # What it refers to is not defined anywhere that pydantic looks.
                continue
            except ValidationError as error:
                shown = name not in self.secret_names()
                found = error.errors(include_url=False)
                wrong += [what_is_wrong(name, each, shown=shown) for each in found]
        if wrong:
            raise ParameterTypeError(f"{self._name()}() cannot run so: {'; '.join(wrong)}")
        return checked

    def secret_names(self) -> frozenset[str]:
        """Return which parameters are annotated as secret, or as something that holds secrets.

        What they are given is secret too, though it is still plain text.
        """
        if self._secret_names is None:
            hints = _hints(self._fn)
            self._secret_names = frozenset(
                name
                for name in self.signature.parameters
                if name in hints and is_secret_hint(hints[name])
            )
        return self._secret_names

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the arguments, which forms and deployments use."""
        if self._checks is None:
            self._checks = self._made_checks()
        properties: dict[str, Any] = {}
        definitions: dict[str, Any] = {}
        required: list[str] = []
        for position, (name, parameter) in enumerate(self.signature.parameters.items()):
            if parameter.kind in _MANY:
                continue
            check = self._checks.get(name)
            shape = _shape_of(check) if check is not None else {}
            definitions |= shape.pop("$defs", {})
            properties[name] = {"title": name, "position": position} | shape
            default = _default_of(parameter, missing=_EMPTY)
            if default is _EMPTY:
                required.append(name)
            elif isinstance(default, str | int | float | bool | None):
                properties[name]["default"] = default
            if name in self.secret_names():
                properties[name].pop("default", None)
        whole: dict[str, Any] = {
            "title": "Parameters",
            "type": "object",
            "properties": properties,
            "required": required,
        }
        return whole | ({"definitions": definitions} if definitions else {})

    def _made_checks(self) -> dict[str, Any]:
        """Only annotated parameters are checked: a flow without any loads no pydantic."""
        annotated = {
            name: parameter
            for name, parameter in self.signature.parameters.items()
            if parameter.annotation is not _EMPTY and parameter.kind not in _MANY
        }
        if not annotated:
            return {}
        hints = _hints(self._fn)
        checks = {
            name: _check(hints[name], parameter.default)
            for name, parameter in annotated.items()
            if name in hints and hints[name] is not Any
        }
        return {name: check for name, check in checks.items() if check is not None}


def _hints(fn: Callable[..., Any]) -> dict[str, Any]:
    """Return the annotations that are types; an annotation in quotes is any code, or prose."""
    plain = _annotated(fn)
    annotations = getattr(plain, "__annotations__", None) or {}
    try:
        return typing.get_type_hints(plain, include_extras=True)
    except Exception:  # noqa: BLE001 - some names exist for type checkers only
        one_by_one = ((name, _hint(plain, it)) for name, it in annotations.items())
        return {name: hint for name, hint in one_by_one if hint is not _EMPTY}


def _hint(fn: Any, annotation: Any) -> Any:
    alone = SimpleNamespace(
        __annotations__={"it": annotation}, __globals__=getattr(fn, "__globals__", {})
    )
    try:
        return typing.get_type_hints(alone, include_extras=True)["it"]
    except Exception:  # noqa: BLE001 - as above
        return _EMPTY


def _annotated(fn: Any) -> Any:
    """Return the function inside whatever is called, which has the annotations."""
    while True:
        fn = inspect.unwrap(fn)
        if isinstance(fn, partial):
            fn = fn.func
        elif inspect.ismethod(fn):
            fn = fn.__func__
        elif isinstance(fn, type):
            return inspect.getattr_static(fn, "__init__")
        elif hasattr(fn, "__annotations__") or not hasattr(type(fn).__call__, "__code__"):
            return fn
        else:
            fn = type(fn).__call__


def _check(hint: Any, default: Any) -> Any:
    """Return what checks a parameter; None if its annotation is nothing that can be checked."""
    from pydantic import ConfigDict, TypeAdapter
    from pydantic.fields import FieldInfo

    if isinstance(default, FieldInfo):
        hint = typing.Annotated[hint, default]
    # A model or dataclass brings its own configuration.
    for config in (ConfigDict(arbitrary_types_allowed=True), None):
        try:
            return TypeAdapter(hint, config=config)
        except Exception:  # noqa: BLE001, S112 - annotations are user code, which raises anything
            continue
    return None


def _default_of(parameter: inspect.Parameter, missing: Any = None) -> Any:
    """Return a default, which a call may change without changing that of the next."""
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        return ()
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        return {}
    default = parameter.default
    if default is _EMPTY:
        return missing
    if hasattr(default, "get_default") and hasattr(default, "is_required"):
        made = default.get_default(call_default_factory=True)
        return missing if default.is_required() else made
    if not isinstance(default, _MUTABLE):
        return default
    try:
        return copy.deepcopy(default)
    except Exception:  # noqa: BLE001 - something in it cannot be copied, a lock say
        return default


def _shape_of(check: Any) -> dict[str, Any]:
    from pydantic import PydanticUserError

    try:
        shape = dict(check.json_schema(ref_template="#/definitions/{model}"))
    except PydanticUserError:
        return {}
    _forget_secret_defaults(shape)
    return shape


def _forget_secret_defaults(whole: dict[str, Any]) -> None:
    pending: list[Any] = [whole]
    for each in pending:
        if isinstance(each, dict):
            either = each.get("anyOf")
            shapes = [each, *either] if isinstance(either, list) else [each]
            if any(shape.get("writeOnly") is True for shape in shapes):
                each.pop("default", None)
            pending += each.values()
        elif isinstance(each, list):
            pending += each
