"""The boxes of an MP4 or MOV (ISO 14496-12), walked without reading what is in them, before a parser makes room."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from wideberth_contracts.errors import UnreadableVideo

HOLDERS = frozenset(
    {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta", b"moof", b"traf", b"mvex", b"mfra"}
)
"""Boxes that hold nothing but boxes, as far as a recording is made of."""

DEEPEST = 16
ENTRY_BYTES = {b"stts": 8, b"ctts": 8, b"stsc": 12, b"stsz": 4, b"stco": 4, b"co64": 8, b"stss": 4, b"elst": 12}
"""Tables with a count before their entries, and the bytes of an entry."""

_REMEDY = "copy the file from the card again, or choose another"


@dataclass(frozen=True, slots=True)
class Box:
    """A box: kind, where its content starts, and where it ends as the file says."""

    kind: bytes
    start: int
    end: int


def count_boxes(path: Path, most: int) -> int:
    """How many boxes an MP4 or MOV has; 0 for another container.

    Raises:
        UnreadableVideo: more than `most`, nested too deep, or a table that claims more entries than its box has room
            for; with the place in the file.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        if file.read(8)[4:8] not in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
            return 0
        return _walk(file, path, 0, size, 0, 0, most)


def _walk(file: BinaryIO, path: Path, start: int, end: int, depth: int, before: int, most: int) -> int:
    """Boxes counted so far, with those of [start, end)."""
    found, at = before, start
    while at + 8 <= end:
        box = _box(file, path, at, end)
        if box is None:
            break
        found += 1
        if found > most:
            raise _refused(path, at, f"more than {most} boxes")
        if box.kind in HOLDERS:
            if depth == DEEPEST:
                raise _refused(path, at, f"boxes nested more than {DEEPEST} deep")
            found = _walk(file, path, box.start, min(box.end, end), depth + 1, found, most)
        elif box.kind in ENTRY_BYTES:
            _check_table(file, path, box)
        at = box.end
    return found


def _box(file: BinaryIO, path: Path, at: int, end: int) -> Box | None:
    """The box at a place; None where what is there is the rest of a cut-off file. Its end may lie behind the file's."""
    file.seek(at)
    head = file.read(16)
    if len(head) < 8:
        return None
    size, kind, header = struct.unpack(">I", head[:4])[0], head[4:8], 8
    if size == 1:
        if len(head) < 16:
            return None
        size, header = struct.unpack(">Q", head[8:16])[0], 16
    elif size == 0:
        size = end - at
    if size < header:
        raise _refused(path, at, f"a box {_name(kind)} of {size} bytes")
    return Box(kind, at + header, at + size)


def _check_table(file: BinaryIO, path: Path, box: Box) -> None:
    """A table must have room for the entries it claims; readers make room for them before they look."""
    file.seek(box.start)
    head = file.read(12)
    at = 8 if box.kind == b"stsz" else 4
    if len(head) < at + 4:
        return
    if box.kind == b"stsz" and struct.unpack(">I", head[4:8])[0] != 0:
        return  # all samples of one size: there is no table
    entries = struct.unpack(">I", head[at : at + 4])[0]
    if entries * ENTRY_BYTES[box.kind] > box.end - box.start:
        detail = f"a table {_name(box.kind)} of {entries} entries in {box.end - box.start} bytes"
        raise _refused(path, box.start, detail)


def _name(kind: bytes) -> str:
    return kind.decode("latin-1") if kind.isalnum() else kind.hex()


def _refused(path: Path, at: int, detail: str) -> UnreadableVideo:
    return UnreadableVideo(detail, where=f"{path}, byte {at}", remedy=_REMEDY)
