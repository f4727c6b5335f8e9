"""Configuration: one frozen dataclass per service, environment over TOML over defaults."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Config = TypeVar("Config")
Url = Annotated[str, "an address with its scheme"]

FILE_VARIABLE = "PENSTOCK_CONFIG"
# Where clients find a service: same prefix as its settings, but none of them.
CLIENT_KEYS = frozenset({"address"})

UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}
BOOLS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


class ConfigError(Exception):
    """The configuration is wrong; the text names the key and the fix. The process exits 78."""


def load(
    kind: type[Config],
    section: str,
    *,
    environ: Mapping[str, str] | None = None,
    file: Path | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> Config:
    """Return the settings of a section, `[state]` in TOML, `PENSTOCK_STATE_…` outside.

    `defaults` stand in for fields of which the class has none.

    Raises:
        ConfigError: a key is unknown or its value cannot be read.
    """
    environ = os.environ if environ is None else environ
    path = file or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    written = _from_file(path, section) if path else {}
    named = _from_environment(environ, section)
    hints = get_type_hints(kind, include_extras=True)
    known = [each.name for each in fields(kind)]  # type: ignore[arg-type]
    values: dict[str, Any] = dict(defaults or {})
    for place, settings in ((f"{path} [{section}]", written), ("the environment", named)):
        for key, (name, value) in settings.items():
            if key not in known:
                raise ConfigError(
                    f"{name} in {place} is not a setting: remove it, or use one of "
                    f"{', '.join(sorted(known))}"
                )
            values[key] = _read(hints[key], value, name)
    return kind(**values)


def duration(text: str) -> timedelta:
    """Read `15s`, `500ms` or `1h30m`."""
    parts = PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError("write a duration with its unit, such as 15s, 500ms or 1h30m")
    return timedelta(seconds=sum(float(number) * UNITS[unit] for number, unit in parts))


Settings = dict[str, tuple[str, Any]]


def _from_file(path: Path, section: str) -> Settings:
    try:
        content = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"cannot read {path}: {error}; fix it or unset {FILE_VARIABLE}"
        ) from None
    table = content.get(section, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{section} in {path} must be a table: write [{section}] above it")
    return {key: (key, value) for key, value in table.items()}


def _from_environment(environ: Mapping[str, str], section: str) -> Settings:
    prefix = f"PENSTOCK_{section.upper()}_"
    keys = {
        name: name.removeprefix(prefix).lower() for name in environ if name.startswith(prefix)
    }
    return {key: (name, environ[name]) for name, key in keys.items() if key not in CLIENT_KEYS}


def _read(kind: Any, value: Any, name: str) -> Any:
    try:
        return _value(kind, value)
    except ValueError as error:
        raise ConfigError(f"{name} is not valid: {error}") from None


def _value(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        if value == "":
            return None
        inner = next(each for each in get_args(kind) if each is not NoneType)
        return _value(inner, value)
    if get_origin(kind) is Literal:
        return _one_of(value, get_args(kind))
    if get_origin(kind) is tuple:
        items = value if isinstance(value, list) else str(value).split(",")
        return tuple(_value(get_args(kind)[0], each) for each in items if each != "")
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(_one_of(value, tuple(kind)))
    return READERS[kind](value)


def _one_of(value: Any, choices: tuple[Any, ...]) -> Any:
    for choice in choices:
        if str(choice) == str(value):
            return choice
    raise ValueError(f"it must be one of {', '.join(map(str, choices))}")


def _bool(value: Any) -> bool:
    try:
        return BOOLS[str(value).lower()]
    except KeyError:
        raise ValueError("write true or false") from None


def _int(value: Any) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise ValueError("write a whole number") from None


def _float(value: Any) -> float:
    try:
        return float(str(value))
    except ValueError:
        raise ValueError("write a number") from None


def _url(value: Any) -> str:
    # The value is not repeated: an address of a database holds a password.
    if not re.match(r"[a-z][a-z0-9+.-]*:", str(value)):
        raise ValueError("write an address with its scheme, such as postgresql://host/name")
    return str(value)


READERS: dict[Any, Callable[[Any], Any]] = {
    str: str,
    bool: _bool,
    int: _int,
    float: _float,
    Path: lambda value: Path(value).expanduser(),
    timedelta: lambda value: duration(str(value)),
    Url: _url,
}
