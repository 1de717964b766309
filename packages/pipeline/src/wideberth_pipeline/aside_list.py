"""Detections set aside before tracking: kept in the segment file, handed out by span.

On disk: the column `aside` of a segment file, rounded to what a drawing needs, which leaves few bytes to compress.

Handed out, little-endian: `WBASIDE1`; how many frames, detections and bytes of words (uint32 each), four empty bytes;
then columns: PTS of each frame (int64), number of each frame's first detection and of the one behind the last (uint32,
one more than frames), centre x and y, length, width in px, angle in degrees, confidence (float32 each), class and
reason (uint16 each, a number in the words); the words, UTF-8, a line each. The empty word: no word here for the class.
"""

import struct
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wideberth_contracts.detections import AsideDetections

MAGIC = b"WBASIDE1"
HEAD = struct.Struct("<8sIIII")
STEPS = {
    "cx_px": 1 / 8,
    "cy_px": 1 / 8,
    "length_px": 1 / 8,
    "width_px": 1 / 8,
    "angle_deg": 1 / 4,
    "confidence": 1 / 512,
}
"""To what each number is rounded, in its unit."""
ASIDE = pa.struct(
    [("reason", pa.string()), ("kind", pa.string()), *((name, pa.float32()) for name in STEPS)],
)
ENCODINGS = {f"aside.list.element.{name}": "BYTE_STREAM_SPLIT" for name in STEPS}


def aside_rows(aside: AsideDetections) -> list[dict[str, Any]]:
    """As they are stored."""
    numbers = {name: (np.round(np.array(getattr(aside, name)) / step) * step).tolist() for name, step in STEPS.items()}
    return [
        {
            "reason": aside.reason[row],
            "kind": kind.value if kind else None,
            **{name: column[row] for name, column in numbers.items()},
        }
        for row, kind in enumerate(aside.kind)
    ]


def aside_in(path: Path) -> bytes:
    """What a segment file holds of detections set aside, in the form handed out.

    Frames without any where the file is older than this column.

    Raises:
        OSError, pyarrow.ArrowInvalid: the file is missing or no segment file.
    """
    kept = [name for name in ("pts", "aside") if name in pq.read_schema(path).names]
    table = pq.read_table(path, columns=kept)
    pts = table["pts"].to_pylist()
    frames = table["aside"].to_pylist() if "aside" in kept else [[]] * len(pts)
    return _packed(pts, [frame or [] for frame in frames])


def _packed(pts: list[int], frames: list[list[dict[str, Any]]]) -> bytes:
    rows = [row for frame in frames for row in frame]
    words = sorted({row["reason"] for row in rows} | {row["kind"] or "" for row in rows})
    number = {word: place for place, word in enumerate(words)}
    told = "\n".join(words).encode()
    order = ("cx_px", "cy_px", "length_px", "width_px", "angle_deg", "confidence")
    columns = [
        _column("<i8", pts),
        _column("<u4", accumulate((len(frame) for frame in frames), initial=0)),
        *(_column("<f4", (row[name] for row in rows)) for name in order),
        _column("<u2", (number[row["kind"] or ""] for row in rows)),
        _column("<u2", (number[row["reason"]] for row in rows)),
    ]
    return b"".join([HEAD.pack(MAGIC, len(frames), len(rows), len(told), 0), *columns, told])


def _column(kind: str, values: Iterable[float]) -> bytes:
    return np.array(list(values), dtype=kind).tobytes()
