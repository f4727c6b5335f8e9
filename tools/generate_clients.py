"""Generates the clients of other languages, and compiles those that compile quickly.

`python -m tools.generate_clients [LANGUAGE …]`: each into .cache/clients/LANGUAGE, together
with proto/service_config.json and its plugins, whose versions are locked in
tools/clients/LANGUAGE. Without arguments the languages whose toolchain is missing are left out;
one that is asked for must be there.
"""

import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = Path("tools/clients")
CLIENTS = Path(".cache/clients")
SERVICE_CONFIG = Path("proto/service_config.json")
STAMP = ".prepared"

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    name: str
    toolchain: tuple[str, ...]
    generated: str
    """The folder of generated code, in that of the language."""
    prepare: tuple[Command, ...]
    """What fetches the plugins, and puts them into `bin` or `node_modules/.bin`."""
    compile: tuple[Command, ...] = ()


def _maven_platform() -> str:
    system = {"Darwin": "osx", "Windows": "windows"}.get(platform.system(), "linux")
    machine = platform.machine().lower()
    arm = machine in {"aarch64", "arm64"}
    return f"{system}-{'aarch_64' if arm else 'x86_64'}"


def _crates() -> Command:
    """The plugins share most of what they are built of, hence one folder for all."""
    install = "cargo install --quiet --locked --root . --target-dir target"
    plugins = (ROOT / LOCKS / "rust/plugins.txt").read_text()
    return tuple(f"{install} {plugins}".split())


LANGUAGES = (
    Language(
        name="go",
        toolchain=("go",),
        generated="api",
        prepare=(("go", "install", "tool"),),
        compile=(("go", "build", "./..."),),
    ),
    Language(
        name="typescript",
        toolchain=("node", "npm"),
        generated="src",
        prepare=(("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"),),
        compile=(("tsc", "--noEmit"),),
    ),
    Language(
        name="java",
        toolchain=("java", "mvn"),
        generated="src",
        prepare=(
            ("mvn", "-B", "-q", "dependency:copy", f"-Dplatform={_maven_platform()}"),
            ("chmod", "+x", "bin/protoc", "bin/protoc-gen-grpc-java"),
        ),
    ),
    Language(
        name="rust",
        toolchain=("cargo",),
        generated="src",
        prepare=(_crates(), ("rm", "-r", "target")),
    ),
)


class CannotGenerateError(Exception):
    """What was asked for cannot be done; the message says what to do."""


def choose(
    asked: Iterable[str], is_there: Callable[[str], object] = shutil.which
) -> tuple[list[Language], list[str]]:
    """Return the languages to generate, and a line about each that is left out."""
    names = list(asked)
    known = {language.name: language for language in LANGUAGES}
    for name in names:
        if name not in known:
            raise CannotGenerateError(f"{name}: choose among {', '.join(known)}")
    chosen, left_out = [], []
    for language in [known[name] for name in names] or LANGUAGES:
        missing = [program for program in language.toolchain if not is_there(program)]
        if not missing:
            chosen.append(language)
            continue
        line = f"{language.name}: not generated, it needs {' and '.join(missing)} on the path"
        if names:
            raise CannotGenerateError(line)
        left_out.append(line)
    return chosen, left_out


def generate(root: Path, language: Language) -> str:
    """Return a line about what was made."""
    begun = time.monotonic()
    folder = root / CLIENTS / language.name
    prepare(root / LOCKS / language.name, folder, language.prepare)
    template = f"buf.gen.{language.name}.yaml"
    _run(("buf", "generate", "--template", template), root, tools=folder)
    made = sum(path.is_file() for path in (folder / language.generated).rglob("*"))
    if not made:
        raise CannotGenerateError(f"{template} wrote nothing into {folder}")
    shutil.copy(root / SERVICE_CONFIG, folder)
    for command in language.compile:
        _run(command, folder, tools=folder)
    done = "generated and compiled" if language.compile else "generated"
    seconds = time.monotonic() - begun
    where = folder.relative_to(root) / language.generated
    return f"{language.name}: {made} files {done} in {where}, {seconds:.0f} s"


def prepare(locks: Path, folder: Path, commands: Iterable[Command]) -> None:
    """Make the folder anew with its plugins, unless they are those of these locks already."""
    key = sha256(_maven_platform().encode())
    for path in sorted(locks.iterdir()):
        key.update(path.name.encode() + path.read_bytes())
    stamp = folder / STAMP
    if stamp.exists() and stamp.read_text() == key.hexdigest():
        return
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(locks, folder)
    for command in commands:
        _run(command, folder, tools=folder)
    stamp.write_text(key.hexdigest())


def _run(command: Command, folder: Path, *, tools: Path) -> None:
    own = (tools / "bin", tools / "node_modules/.bin", Path(sys.executable).parent)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([*map(str, own), os.environ.get("PATH", "")]),
        "GOBIN": str(tools / "bin"),
        "GOWORK": "off",
    }
    subprocess.run(command, cwd=folder, check=True, env=environment)


def main(arguments: list[str]) -> int:
    try:
        chosen, left_out = choose(arguments)
        for language in chosen:
            print(generate(ROOT, language), flush=True)
    except CannotGenerateError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"failed: {' '.join(error.cmd)}", file=sys.stderr)
        return 1
    print("\n".join(left_out), end="\n" if left_out else "")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
