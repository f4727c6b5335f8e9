"""As much of HPACK as raw calls need: literals without an index, answers without Huffman."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

HUFFMAN = "(packed)"
_STATIC_SIZE = 61
_STATUSES = dict(
    zip(range(8, 15), ("200", "204", "206", "304", "400", "404", "500"), strict=True)
)


def field_block(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the headers, each spelt out."""
    return b"".join(b"\0" + _text(name) + _text(value) for name, value in fields)


def read_fields(blocks: Sequence[bytes]) -> Mapping[str, str]:
    """Return what an answer's header blocks say; of a name that comes twice, the last."""
    found: dict[str, str] = {}
    table: list[tuple[str, str]] = []
    for block in blocks:
        _Block(block, table, found).read()
    return found


class _Block:
    """Blocks of a connection share a table, which is never full here."""

    def __init__(
        self, data: bytes, table: list[tuple[str, str]], found: dict[str, str]
    ) -> None:
        self._data = data
        self._at = 0
        self._table = table
        self._found = found

    def read(self) -> None:
        while self._at < len(self._data):
            first = self._data[self._at]
            if first & 0x80:
                name, value = self._entry(self._number(7))
            elif first & 0xE0 == 0x20:
                self._number(5)
                continue
            else:
                kept = bool(first & 0x40)
                index = self._number(6 if kept else 4)
                name = self._entry(index)[0] if index else self._string()
                value = self._string()
                if kept:
                    self._table.insert(0, (name, value))
            self._found[name] = value

    def _entry(self, index: int) -> tuple[str, str]:
        if index > _STATIC_SIZE:
            return self._table[index - _STATIC_SIZE - 1]
        if index in _STATUSES:
            return ":status", _STATUSES[index]
        return f"static {index}", ""

    def _number(self, bits: int) -> int:
        most = (1 << bits) - 1
        number = self._data[self._at] & most
        self._at += 1
        shift = 0
        while number >= most:
            byte = self._data[self._at]
            self._at += 1
            number += (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        return number

    def _string(self) -> str:
        packed = bool(self._data[self._at] & 0x80)
        size = self._number(7)
        text = self._data[self._at : self._at + size]
        self._at += size
        return HUFFMAN if packed else text.decode(errors="replace")


def _text(text: bytes) -> bytes:
    size = len(text)
    if size < 127:
        return bytes([size]) + text
    size -= 127
    out = bytearray(b"\x7f")
    while size > 127:
        out.append(size & 0x7F | 0x80)
        size >>= 7
    out.append(size)
    return bytes(out) + text
