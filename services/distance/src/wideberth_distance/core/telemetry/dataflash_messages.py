"""DataFlash logs (.bin) of ArduPilot: messages that describe themselves, found by their two bytes of head.

Each kind is announced by a message FMT: number, length, name, one letter a field, names of the columns. Letters and
their scales by ArduPilot's `LogStructure.h`. There is no checksum: what is not announced, or does not have the length
announced, is passed over to the next head.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

HEAD = b"\xa3\x95"
FMT, FMT_BYTES = 0x80, 89
_HEAD_BYTES = 3
_LETTERS: dict[str, tuple[str, float]] = {
    "b": ("b", 1.0), "B": ("B", 1.0), "h": ("h", 1.0), "H": ("H", 1.0), "i": ("i", 1.0), "I": ("I", 1.0),
    "q": ("q", 1.0), "Q": ("Q", 1.0), "f": ("f", 1.0), "d": ("d", 1.0), "g": ("e", 1.0), "M": ("B", 1.0),
    "c": ("h", 100.0), "C": ("H", 100.0), "e": ("i", 100.0), "E": ("I", 100.0), "L": ("i", 1e7),
}  # fmt: skip
"""Letter → its type, and what its number is divided by."""
_TEXTS = {"n": "4s", "N": "16s", "Z": "64s", "a": "64s"}
"""Letters of texts, and of a block of 32 numbers: their room is counted, they are not read."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message as announced; `divisors` are None for texts."""

    name: str
    fields: str
    divisors: tuple[float | None, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of one of the names asked for; `byte` is where it begins."""

    byte: int
    name: str
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes that belong to no message that was announced."""

    byte: int


def entries_of(content: bytes, wanted: frozenset[str]) -> Iterator[Entry | Gap]:
    """The messages wanted, in file order, and every place where bytes had to be passed over."""
    kinds: dict[int, tuple[int, Kind | None]] = {}
    at = 0
    while at + _HEAD_BYTES <= len(content):
        number = content[at + 2]
        length = FMT_BYTES if number == FMT else kinds.get(number, (0, None))[0]
        if not content.startswith(HEAD, at) or not length or at + length > len(content):
            yield Gap(at)
            following = content.find(HEAD, at + 1)
            at = following if following >= 0 else len(content)
            continue
        body = content[at + _HEAD_BYTES : at + length]
        if number == FMT:
            announced, its_length, kind = _announced(body)
            kinds[announced] = (its_length, kind)
        else:
            kind = kinds[number][1]
            if kind is not None and kind.name in wanted:
                yield Entry(at, kind.name, _values(kind, body))
        at += length


def _announced(body: bytes) -> tuple[int, int, Kind | None]:
    """Number, length and kind; no kind where the letters do not fill the length, so that it is passed over."""
    number, length, name, letters, columns = struct.unpack("<BB4s16s64s", body)
    texts = [text.split(b"\0")[0].decode("ascii", errors="replace") for text in (name, letters, columns)]
    known = all(letter in _LETTERS or letter in _TEXTS for letter in texts[1])
    fields = "<" + "".join(_LETTERS[letter][0] if letter in _LETTERS else _TEXTS.get(letter, "") for letter in texts[1])
    divisors = tuple(_LETTERS[letter][1] if letter in _LETTERS else None for letter in texts[1])
    names = tuple(texts[2].split(","))
    fits = known and struct.calcsize(fields) + _HEAD_BYTES == length and len(names) == len(divisors)
    return number, length if fits else 0, Kind(texts[0], fields, divisors, names) if fits else None


def _values(kind: Kind, body: bytes) -> dict[str, float]:
    read = struct.unpack(kind.fields, body)
    return {
        column: value / divisor
        for column, value, divisor in zip(kind.columns, read, kind.divisors, strict=True)
        if divisor is not None
    }
