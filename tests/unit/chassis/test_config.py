from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import pytest

from penstockd.chassis.config import ConfigError, Url, duration, load


class Sync(StrEnum):
    FULL = "full"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    port: int = 7471
    ratio: float = 0.5
    insecure: bool = False
    ttl: timedelta = timedelta(seconds=15)
    folder: Path = Path("here")
    database: Url = "sqlite:"
    form: Literal["text", "json"] = "text"
    sync: Sync = Sync.FULL
    peer: str | None = None
    tags: tuple[str, ...] = ()


def loaded(**environ: str) -> Settings:
    return loaded_with(None, **environ)


def loaded_with(file: Path | None, **environ: str) -> Settings:
    variables = {f"PENSTOCK_STATE_{key.upper()}": value for key, value in environ.items()}
    return load(Settings, section="state", environ=variables, file=file)


def test_defaults_hold_where_nothing_is_said() -> None:
    assert loaded() == Settings()


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("port", "1", 1),
        ("ratio", "0.25", 0.25),
        ("insecure", "true", True),
        ("insecure", "0", False),
        ("ttl", "1h30m", timedelta(minutes=90)),
        ("ttl", "500ms", timedelta(milliseconds=500)),
        ("folder", "~/x", Path.home() / "x"),
        ("database", "postgresql://host/name", "postgresql://host/name"),
        ("form", "json", "json"),
        ("sync", "off", Sync.OFF),
        ("peer", "host:1", "host:1"),
        ("peer", "", None),
        ("tags", "a,b", ("a", "b")),
    ],
)
def test_the_environment_is_read_by_type(key: str, text: str, value: Any) -> None:
    assert getattr(loaded(**{key: text}), key) == value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "penstock.toml"
    path.write_text('[state]\nport = 1\nttl = "2s"\ntags = ["a"]\n[scheduler]\nfoo = 1\n')
    return path


def test_the_environment_goes_before_the_file(file: Path) -> None:
    assert loaded_with(file, port="2") == Settings(
        port=2, ttl=timedelta(seconds=2), tags=("a",)
    )


def test_a_variable_names_the_file(file: Path) -> None:
    settings = load(Settings, section="state", environ={"PENSTOCK_CONFIG": str(file)})
    assert settings.port == 1


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("prot", "1", "PENSTOCK_STATE_PROT.*use one of.*port"),
        ("port", "x", "PENSTOCK_STATE_PORT.*whole number"),
        ("ratio", "x", "PENSTOCK_STATE_RATIO.*number"),
        ("insecure", "maybe", "PENSTOCK_STATE_INSECURE.*true or false"),
        ("ttl", "15", "PENSTOCK_STATE_TTL.*15s"),
        ("form", "xml", "PENSTOCK_STATE_FORM.*text, json"),
        ("sync", "x", "PENSTOCK_STATE_SYNC.*full, off"),
    ],
)
def test_a_wrong_setting_names_the_key_and_the_fix(key: str, text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        loaded(**{key: text})


def test_a_wrong_address_is_not_repeated() -> None:
    with pytest.raises(ConfigError, match="with its scheme") as caught:
        loaded(database="//me:hunter2@host")
    assert "hunter2" not in str(caught.value)


def test_where_clients_find_the_service_is_no_setting() -> None:
    assert loaded(address="host:1") == Settings()


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml"):
        loaded_with(tmp_path / "absent.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[state")
    with pytest.raises(ConfigError, match=r"broken\.toml"):
        loaded_with(broken)
    broken.write_text("state = 1")
    with pytest.raises(ConfigError, match=r"write \[state\]"):
        loaded_with(broken)
    broken.write_text("[state]\nprot = 1")
    with pytest.raises(ConfigError, match=r"prot in .*broken\.toml"):
        loaded_with(broken)


@pytest.mark.parametrize("text", ["", "s", "1", "1x", "1h and more", "-1s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="with its unit"):
        duration(text)
