"""A segment file: everything sensed in one span, as Parquet, one row a frame.

Columns: `pts` int64, `t_s` float64, `sensed` (JSON of `SensedFrame`), `crops` (list of detection index, meta, encoded
picture), `aside` (list of the detections set aside before tracking; see `aside_list`). The file's metadata carry the
analysis id, the span and seconds spent per verb. Written whole or not at all.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wideberth_contracts.detections import AsideDetections
from wideberth_contracts.frames import Crop, CropMeta
from wideberth_contracts.tracks import SensedFrame
from wideberth_media import decode_crop, encode_crop
from wideberth_pipeline.aside_list import ASIDE, ENCODINGS, aside_rows
from wideberth_pipeline.durable import write_whole
from wideberth_pipeline.plan import Span

CROP = pa.struct([("detection", pa.int32()), ("meta", pa.string()), ("picture", pa.binary())])
READ = [("pts", pa.int64()), ("t_s", pa.float64()), ("sensed", pa.string()), ("crops", pa.list_(CROP))]
SCHEMA = pa.schema([*READ, ("aside", pa.list_(ASIDE))])
DICTIONARIES = ["aside.list.element.reason", "aside.list.element.kind", "sensed", "crops.list.element.meta"]
"""Columns of which a dictionary is made; the numbers beside them have encodings of their own."""

EMPTY_SEA = -1
"""In place of a detection's number: a crop of a place where nothing was detected."""


@dataclass(frozen=True, slots=True)
class StoredCrop:
    """A crop as kept: which detection of the frame, or `EMPTY_SEA`, and the encoded picture."""

    detection: int
    meta: CropMeta
    picture: bytes

    @classmethod
    def of(cls, detection: int, crop: Crop) -> "StoredCrop":
        """Encode a crop for keeping."""
        return cls(detection, crop.meta, encode_crop(crop))

    def crop(self) -> Crop:
        """The pixels again."""
        return decode_crop(self.picture, self.meta)


@dataclass(frozen=True, slots=True)
class SensedRow:
    """One frame of a segment file.

    Attributes:
        aside: what was set aside before tracking. Nobody who follows needs it: `read_segment` leaves it empty, and
            `aside_list.aside_in` reads it.
    """

    sensed: SensedFrame
    crops: tuple[StoredCrop, ...]
    aside: AsideDetections = field(default_factory=AsideDetections)


@dataclass(frozen=True, slots=True)
class Segment:
    """A whole segment file. `seconds` per verb, wall clock.

    Attributes:
        failure: why the span could not be sensed, after it was tried often enough; empty otherwise. There are no rows
            then, which says nothing of what was to be seen.
    """

    analysis_id: str
    span: Span
    rows: tuple[SensedRow, ...]
    seconds: dict[str, float]
    complete: bool
    ended_because: str
    failure: str = ""


def segment_path(folder: Path, span: Span) -> Path:
    """Where the segment file of a span lies."""
    return folder / "segments" / f"{span.index:05d}.parquet"


def write_segment(path: Path, segment: Segment) -> None:
    """Keep a segment; afterwards the file is whole and on disk."""
    table = pa.Table.from_pylist([_row(row) for row in segment.rows], schema=SCHEMA)
    metadata = {
        "analysis_id": segment.analysis_id,
        "span": segment.span.model_dump_json(),
        "seconds": json.dumps(segment.seconds),
        "complete": json.dumps(segment.complete),
        "ended_because": segment.ended_because,
        "failure": segment.failure,
    }
    _write(path, table.replace_schema_metadata(metadata))


def _write(path: Path, table: pa.Table) -> None:
    encoded: dict[str, Any] = {}
    if "aside" in table.column_names:  # files of before there was such a column are taken over as they are
        encoded = {"use_dictionary": DICTIONARIES, "column_encoding": ENCODINGS}
    write_whole(path, lambda partial: pq.write_table(table, partial, compression="zstd", **encoded))


def _row(row: SensedRow) -> dict[str, object]:
    return {
        "pts": row.sensed.frame.pts,
        "t_s": row.sensed.frame.t_s,
        "sensed": row.sensed.model_dump_json(),
        "crops": [
            {"detection": crop.detection, "meta": crop.meta.model_dump_json(), "picture": crop.picture}
            for crop in row.crops
        ],
        "aside": aside_rows(row.aside),
    }


def read_segment(path: Path) -> Segment:
    """A segment file, less what was set aside before tracking.

    Raises:
        OSError, pyarrow.ArrowInvalid: the file is missing or no segment file.
    """
    table = pq.read_table(path, columns=[name for name, _ in READ])
    metadata = _told(table.schema)
    rows = tuple(
        SensedRow(
            SensedFrame.model_validate_json(row["sensed"]),
            tuple(
                StoredCrop(crop["detection"], CropMeta.model_validate_json(crop["meta"]), crop["picture"])
                for crop in row["crops"]
            ),
        )
        for row in table.to_pylist()
    )
    return Segment(
        analysis_id=metadata["analysis_id"],
        span=Span.model_validate_json(metadata["span"]),
        rows=rows,
        seconds=json.loads(metadata["seconds"]),
        complete=json.loads(metadata["complete"]),
        ended_because=metadata["ended_because"],
        failure=metadata.get("failure", ""),
    )


def write_failed(folder: Path, analysis_id: str, span: Span, reason: str) -> None:
    """Keep that a span could not be sensed, and why: the record of it, as a segment file without rows."""
    write_segment(segment_path(folder, span), Segment(analysis_id, span, (), {}, False, reason, failure=reason))


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """A segment file, of which only the head is in memory: a flight of hours has more rows than fit there.

    Attributes:
        path: of the file; the rest as in `Segment`.
    """

    path: Path
    analysis_id: str
    span: Span
    seconds: dict[str, float]
    complete: bool
    ended_because: str
    failure: str

    def frames(self) -> Iterator[SensedFrame]:
        """What was sensed, frame by frame, read now. Blocks."""
        for text in pq.read_table(self.path, columns=["sensed"])["sensed"]:
            yield SensedFrame.model_validate_json(text.as_py())

    def crops(self) -> Iterator[tuple[int, StoredCrop]]:
        """Crops with the PTS of their frame, in order, read now. Blocks."""
        for row in pq.read_table(self.path, columns=["pts", "crops"]).to_pylist():
            for crop in row["crops"]:
                meta = CropMeta.model_validate_json(crop["meta"])
                yield row["pts"], StoredCrop(crop["detection"], meta, crop["picture"])


def kept_segment(path: Path) -> KeptSegment:
    """The head of a segment file.

    Raises:
        OSError, pyarrow.ArrowInvalid: the file is missing or no segment file.
    """
    told = _told(pq.read_schema(path))
    return KeptSegment(
        path=path,
        analysis_id=told["analysis_id"],
        span=Span.model_validate_json(told["span"]),
        seconds=json.loads(told["seconds"]),
        complete=json.loads(told["complete"]),
        ended_because=told["ended_because"],
        failure=told.get("failure", ""),
    )


def _told(schema: pa.Schema) -> dict[str, str]:
    return {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}


def taken_over(source: Path, path: Path, analysis_id: str) -> None:
    """The segment file of one analysis becomes that of another that asked the same of the span; whole or not at all."""
    table = pq.read_table(source)
    metadata = {**(table.schema.metadata or {}), b"analysis_id": analysis_id.encode()}
    _write(path, table.replace_schema_metadata(metadata))


def failure_in(path: Path) -> str:
    """Why the span of a segment file could not be sensed; empty where it was. Reads no rows."""
    metadata = pq.read_schema(path).metadata or {}
    return (metadata.get(b"failure") or b"").decode()


def is_done(path: Path, analysis_id: str) -> bool:
    """True where a whole segment file of this analysis lies already."""
    try:
        metadata = pq.read_schema(path).metadata or {}
    except (OSError, pa.ArrowInvalid):
        return False
    return bool(metadata.get(b"analysis_id") == analysis_id.encode())


def seconds_in(path: Path) -> dict[str, float]:
    """Seconds per verb of a segment file, without reading its rows."""
    metadata = pq.read_schema(path).metadata or {}
    seconds: dict[str, float] = json.loads(metadata.get(b"seconds", b"{}"))
    return seconds


def joined_seconds(segments: Sequence[KeptSegment]) -> dict[str, float]:
    """Seconds per verb over all segments."""
    total: dict[str, float] = {}
    for segment in segments:
        for verb, seconds in segment.seconds.items():
            total[verb] = total.get(verb, 0.0) + seconds
    return total
