"""Checks that the contract explains itself: comments, names, errors, idempotency, pages."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodOptions,
    ServiceDescriptorProto,
)

from penstock.errors import BY_REASON
from tools.keywords import KEYWORDS
from tools.source_tree import Finding, report

ROOT = Path(__file__).resolve().parent.parent
PAGES = "docs/errors"
REASONS = "penstock.api.type.v1.ErrorReason"
# A keyword of C# alone, whose generated properties are capitalised; no other word says it.
ACCEPTED = frozenset({"namespace"})
NAMED = frozenset({"field", "oneof", "enum"})
_PREFIX = "ERROR_REASON_"
_ERROR = re.compile(r"^-? *([A-Z_]+) / ([A-Z_]+): \S", re.MULTILINE)
# Numbers of fields in descriptor.proto; a path of them names an element in source info.
_MESSAGES, _ENUMS, _SERVICES = 4, 5, 6
_FIELDS, _NESTED, _NESTED_ENUMS, _ONEOFS = 2, 3, 4, 8
_VALUES = _METHODS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Anything that wants a comment."""

    name: str
    kind: str
    file: PurePosixPath
    line: int
    comment: str

    def finding(self, message: str) -> Finding:
        return Finding(path=self.file, line=self.line, message=f"{self.name}: {message}")


def check(root: Path, descriptors: FileDescriptorSet) -> list[Finding]:
    reasons = _reasons(descriptors)
    found: list[Finding] = []
    for file in descriptors.file:
        if file.package.startswith("penstock."):
            found += _uncommented(file)
            found += _awkward(file)
            found += _rpcs(file, reasons=reasons, requests=_messages(descriptors))
    return found + list(_pages(root, reasons))


def _uncommented(file: FileDescriptorProto) -> Iterator[Finding]:
    for element in _elements(file):
        if not element.comment.strip():
            yield element.finding(f"this {element.kind} has no comment")


def _awkward(file: FileDescriptorProto) -> Iterator[Finding]:
    """Generators name a nested message each in its own way, and mangle a keyword."""
    for element in _elements(file):
        outer, _, name = element.name.rpartition(".")
        if element.kind == "message" and outer:
            yield element.finding("a message stands on its own, not in another one")
        elif element.kind in NAMED and name.lower() in KEYWORDS - ACCEPTED:
            yield element.finding(f"{name!r} is a keyword in some language: use another word")


def _rpcs(
    file: FileDescriptorProto, *, reasons: set[str], requests: dict[str, DescriptorProto]
) -> Iterator[Finding]:
    source = _Source(file)
    for s, service in enumerate(file.service):
        for m, method in enumerate(service.method):
            path = (_SERVICES, s, _METHODS, m)
            rpc = source.element(path, "RPC", f"{service.name}.{method.name}")
            yield from _errors(rpc, reasons)
            level = method.options.idempotency_level
            if level == MethodOptions.IDEMPOTENCY_UNKNOWN:
                yield rpc.finding("it has no idempotency_level")
            request = requests[method.input_type]
            fields = {field.name for field in request.field}
            explained = "idempotent by" in " ".join(rpc.comment.lower().split())
            if (
                level == MethodOptions.IDEMPOTENT
                and not explained
                and "request_id" not in fields
            ):
                yield rpc.finding(
                    "a mutation needs a request_id, or a comment that says `Idempotent by …`"
                )


def _errors(rpc: Element, reasons: set[str]) -> Iterator[Finding]:
    before, heading, listed = rpc.comment.partition("Errors:")
    if not heading or not before.strip():
        yield rpc.finding("its comment must say what it does, and then list `Errors:`")
        return
    errors = _ERROR.findall(listed.replace("\n ", "\n"))
    if not errors:
        yield rpc.finding("`Errors:` wants lines like `- CODE / REASON: when`")
    for code, reason in errors:
        if reason not in reasons:
            yield rpc.finding(f"{reason} is no value of ErrorReason")
        elif reason in BY_REASON and BY_REASON[reason].code.name != code:
            expected = BY_REASON[reason].code.name
            yield rpc.finding(f"{reason} goes with {expected}, not with {code}")


def _pages(root: Path, reasons: set[str]) -> Iterator[Finding]:
    folder = root / PAGES
    for reason in sorted(reasons):
        page = PurePosixPath(PAGES, f"{reason}.md")
        if not (root / page).exists():
            yield Finding(path=page, line=1, message=f"the reason {reason} has no page")
    for file in sorted(folder.glob("*.md")):
        if file.stem not in reasons and file.stem != "README":
            page = PurePosixPath(PAGES, file.name)
            yield Finding(path=page, line=1, message=f"{file.stem} is no value of ErrorReason")


def _reasons(descriptors: FileDescriptorSet) -> set[str]:
    return {
        value.name.removeprefix(_PREFIX)
        for file in descriptors.file
        for enum in file.enum_type
        if f"{file.package}.{enum.name}" == REASONS
        for value in enum.value
        if value.number
    }


def _messages(descriptors: FileDescriptorSet) -> dict[str, DescriptorProto]:
    return {
        f".{file.package}.{message.name}": message
        for file in descriptors.file
        for message in file.message_type
    }


class _Source:
    """Finds comments and lines of the elements of one file."""

    def __init__(self, file: FileDescriptorProto) -> None:
        self._file = PurePosixPath("proto", file.name)
        self._package = file.package
        self._locations = {tuple(it.path): it for it in file.source_code_info.location}

    def element(self, path: tuple[int, ...], kind: str, name: str) -> Element:
        location = self._locations.get(path)
        return Element(
            name=name,
            kind=kind,
            file=self._file,
            line=location.span[0] + 1 if location else 1,
            comment=location.leading_comments if location else "",
        )


def _elements(file: FileDescriptorProto) -> Iterator[Element]:
    source = _Source(file)
    for n, service in enumerate(file.service):
        yield from _of_service(source, (_SERVICES, n), service)
    for n, message in enumerate(file.message_type):
        yield from _of_message(source, (_MESSAGES, n), message)
    for n, enum in enumerate(file.enum_type):
        yield from _of_enum(source, (_ENUMS, n), enum, enum.name)


def _of_service(
    source: _Source, path: tuple[int, ...], service: ServiceDescriptorProto
) -> Iterator[Element]:
    yield source.element(path, "service", service.name)
    for n, method in enumerate(service.method):
        yield source.element((*path, _METHODS, n), "RPC", f"{service.name}.{method.name}")


def _of_message(
    source: _Source, path: tuple[int, ...], message: DescriptorProto, outer: Sequence[str] = ()
) -> Iterator[Element]:
    if message.options.map_entry:
        return
    names = [*outer, message.name]
    name = ".".join(names)
    yield source.element(path, "message", name)
    for n, field in enumerate(message.field):
        yield source.element((*path, _FIELDS, n), "field", f"{name}.{field.name}")
    synthetic = {field.oneof_index for field in message.field if field.proto3_optional}
    for n, oneof in enumerate(message.oneof_decl):
        if n not in synthetic:
            yield source.element((*path, _ONEOFS, n), "oneof", f"{name}.{oneof.name}")
    for n, nested in enumerate(message.nested_type):
        yield from _of_message(source, (*path, _NESTED, n), nested, names)
    for n, enum in enumerate(message.enum_type):
        yield from _of_enum(source, (*path, _NESTED_ENUMS, n), enum, f"{name}.{enum.name}")


def _of_enum(
    source: _Source, path: tuple[int, ...], enum: EnumDescriptorProto, name: str
) -> Iterator[Element]:
    yield source.element(path, "enum", name)
    for n, value in enumerate(enum.value):
        yield source.element((*path, _VALUES, n), "enum value", value.name)


def described(root: Path) -> FileDescriptorSet:
    """The contract with its comments; the committed descriptor set has none."""
    command = ["buf", "build", "--path", "proto/penstock", "--as-file-descriptor-set"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    built = subprocess.run(
        [*command, "--output", "-#format=binpb"],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, "PATH": path},
    )
    return FileDescriptorSet.FromString(built.stdout)


def main() -> int:
    if not any((ROOT / "proto/penstock").rglob("*.proto")):
        return report([], "contract: nothing to check yet")
    findings: Iterable[Finding] = check(ROOT, described(ROOT))
    return report(list(findings), "contract: every part explains itself")


if __name__ == "__main__":
    sys.exit(main())
