"""What goes into strings and bytes: the usual, then what somebody may not have thought of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

UUID7 = "0190d7f0-0000-7000-8000-00000000000"
UUID4 = "6f1c1f1e-3d5b-4c1a-9b0e-00000000000"

# Between them they fit every pattern of the contract.
USUAL: Sequence[str] = (
    "a", "process", "default", "flow/deployment", "PATH", "b", "a name with spaces",
    *(f"{UUID7}{digit}" for digit in range(4)), *(f"{UUID4}{digit}" for digit in range(2)),
)  # fmt: skip

HOSTILE: Sequence[str] = (
    "", " ", "\0", "a\0b", "\n", "\x1b[2J", "\x7f", "\x85", "\u202e", "\u2028", "\ufeff", "é",
    "😀",
    "\U0010ffff", "\ue000", "e\u0301", "ß", "\u0130", "\u0660", "/", "//", "..",
    "../../etc/passwd", "%", "_", "\\",
    "'", '"', "';--", "%s", "{0}", "$1", ":name", "*", "[", "(", "^", "-", "null", "None",
    "nan", "0", "-1",
    "9223372036854775808", "1e400", "{flow_run.name}", "{a.__class__}", "{a!r:>99999999}",
    UUID7.upper() + "1", f"{{{UUID7}1}}", f"urn:uuid:{UUID7}1", UUID7.replace("-", "") + "1",
    "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-0000000000000000-00",
    "\u0664190d7f0-0000-7000-8000-000000000001", "unix:/tmp/x", "127.0.0.1:1", "a" * 2_000,
)  # fmt: skip

CONTENT_TYPES: Sequence[str] = (
    "application/json", "application/schema+json", "application/x-cloudpickle", "text/plain",
)  # fmt: skip

_SELF = {"anyOf": [{"$ref": "#"}, {"$ref": "#"}]}
_DOUBLING = {
    f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]}
    for n in range(24)
} | {"d24": {"type": "string"}}

_SCHEMAS: Sequence[Any] = (
    {"type": "object", "properties": {"a": {"type": "integer"}, "b": {}}},
    {"type": "object", "properties": {"a": {}}, "additionalProperties": True},
    {},
    {"properties": {"a": {"$ref": "#/properties/a"}}},
    {"properties": {"a": _SELF, "b": {"$ref": "#"}}, **_SELF},
    {"properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": _DOUBLING},
    {"required": [[1]]},
    {"required": {"a": 1}, "properties": []},
    {"properties": {"a": {"pattern": "^(a+)+$"}, "b": {"pattern": "("}}},
    {"properties": {"a": {"enum": list(range(9_000))}}},
    {"properties": {"a": {"type": ["integer", 7]}, "b": {"anyOf": {}}}},
    {"properties": {"a": {"$ref": 7}, "b": {"$ref": "#/~2/%ff"}}},
    {"properties": {"a": {"$ref": "file:///etc/passwd"}}},
    {"properties": {"a": {"minimum": 1e308, "multipleOf": 0}}, "type": "nothing"},
    {"properties": {"a": {"default": "\0"}, "\0": {}}},
    [],
    True,
)
SCHEMAS: Sequence[bytes] = tuple(json.dumps(each).encode() for each in _SCHEMAS)

DOCUMENTS: Sequence[bytes] = (
    b"1", b'"text"', b"null", b'{"a": 1}', b"[1, 2, 3]", b"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf1", b"NaN", b"-Infinity", b"1e999999", b'"\\u0000"',
    b'"\\ud800"',
    b"{", b"[,]", b'{"a":1,"a":2}', b'"**********"', b"9" * 5_000, b"-" + b"9" * 60_000,
    b"[" * 30_000 + b"]" * 30_000, b'{"a":' * 9_000 + b"1" + b"}" * 9_000, b"[" * 60_000,
    b'"' + b"a" * 65_000 + b'"', *SCHEMAS,
)  # fmt: skip
