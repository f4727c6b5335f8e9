"""The arguments of a flow: bound to its signature, checked, described by a schema."""

from __future__ import annotations

import copy
import inspect
import typing
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

from penstock.exceptions import ParameterBindError, ParameterTypeError
from penstock.ground.signatures import bound_arguments, has_no, needs, unfit
from penstock.ground.texts import repr_of
from penstock.ground.validation import what_is_wrong
from penstock.payloads.json_schemas import forget_secret_defaults, sayable
from penstock.payloads.secret_values import is_secret_hint

_EMPTY = inspect.Parameter.empty
_VALUES, _MORE = inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD
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

    def bind_names(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of a call that says all of them by name, with defaults.

        `*values` gets the list that is given as `values`; `**more` all names that are left.

        Raises:
            ParameterBindError: a name is unknown, one is missing, or `*values` gets no list.
        """
        if unknown := self.unknown(given):
            raise self._unfit(has_no(unknown))
        left, values = dict(given), dict[str, Any]()
        for name, parameter in self.signature.parameters.items():
            if parameter.kind is _MORE:
                continue
            if name not in left:
                values[name] = _default_of(parameter, missing=_EMPTY)
            elif parameter.kind is _VALUES:
                values[name] = self._listed(name, left.pop(name))
            else:
                values[name] = left.pop(name)
        if missing := [name for name, value in values.items() if value is _EMPTY]:
            raise self._unfit(needs(missing))
        return values if self.more is None else {**values, self.more: left}

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Return the names that the function does not take."""
        if self.more is not None:
            return []
        return sorted(set(names).difference(self.signature.parameters))

    @property
    def more(self) -> str | None:
        """The name of its `**` parameter, which takes arguments of any other name."""
        kinds = ((name, it.kind) for name, it in self.signature.parameters.items())
        return next((name for name, kind in kinds if kind is _MORE), None)

    def _listed(self, name: str, value: Any) -> tuple[Any, ...]:
        if isinstance(value, list | tuple):
            return tuple(value)
        raise self._unfit(f"needs a list for *{name}, not {repr_of(value, 80)}")

    def _unfit(self, wrong: str) -> ParameterBindError:
        return unfit(self._name(), self.signature, wrong)

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
            raise ParameterTypeError(
                f"{self._name()}() got invalid arguments: {'; '.join(wrong)}"
            )
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

    def secret_names_among(self, given: Iterable[str]) -> frozenset[str]:
        """Return which of these names are secret, those that a secret `**more` takes too."""
        known, secret = self.signature.parameters, self.secret_names()
        return frozenset(it for it in given if (it if it in known else self.more) in secret)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the arguments, which forms and deployments use."""
        if self._checks is None:
            self._checks = self._made_checks()
        properties: dict[str, Any] = {}
        definitions: dict[str, Any] = {}
        required: list[str] = []
        others: Any = False
        for position, (name, parameter) in enumerate(self.signature.parameters.items()):
            check = self._checks.get(name)
            shape = _shape_of(check) if check is not None else {}
            definitions |= shape.pop("$defs", {})
            if parameter.kind is _MORE:
                others = shape.get("additionalProperties", True)
                continue
            if parameter.kind is _VALUES:
                shape = {"type": "array"} | shape
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
        if others is not False:
            whole["additionalProperties"] = others
        return sayable(whole | ({"definitions": definitions} if definitions else {}))

    def _made_checks(self) -> dict[str, Any]:
        """Only annotated parameters are checked: a flow without any loads no pydantic."""
        annotated = {
            name: parameter
            for name, parameter in self.signature.parameters.items()
            if parameter.annotation is not _EMPTY
        }
        if not annotated:
            return {}
        hints = _hints(self._fn)
        checks = {
            name: _check(_hint_of_all(hints[name], parameter), parameter.default)
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


def _hint_of_all(hint: Any, parameter: inspect.Parameter) -> Any:
    """An annotation of `*values` or `**more` is that of each one."""
    if parameter.kind is _VALUES:
        return tuple[hint, ...]
    return dict[str, hint] if parameter.kind is _MORE else hint


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
    forget_secret_defaults(shape)
    return shape
