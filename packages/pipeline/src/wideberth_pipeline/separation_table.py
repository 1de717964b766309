"""Separations as a table, there and back: `separations.parquet`, `separations.csv`.

One row a sample: a craft at one sensed frame against its nearest animal. The Parquet file also holds each sample whole
(`sample_json`), so that curves and evidence are made from what was judged and not from a second measurement.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from wideberth_contracts.errors import BadInput
from wideberth_contracts.separations import SeparationSample, SeparationSeries

Row = dict[str, Any]
REMEDY = "analyse the clip again into the same folder: finished segments are kept"

COLUMNS = (
    ("craft_track", pa.string()),
    ("t_s", pa.float64()),
    ("pts", pa.int64()),
    ("captured_at", pa.string()),
    ("animal_track", pa.string()),
    ("animal_age_s", pa.float64()),
    ("craft_observed", pa.bool_()),
    ("separation_m", pa.float64()),
    ("sigma_m", pa.float64()),
    ("low_95_m", pa.float64()),
    ("high_95_m", pa.float64()),
    ("pod_m", pa.float64()),
    ("pod_low_95_m", pa.float64()),
    ("pod_high_95_m", pa.float64()),
    ("speed_mps", pa.float64()),
    ("speed_low_95_mps", pa.float64()),
    ("speed_high_95_mps", pa.float64()),
    ("course_deg", pa.float64()),
    ("p_moving", pa.float64()),
    ("relative_bearing_deg", pa.float64()),
)
SEPARATION_SCHEMA = pa.schema([*COLUMNS, ("sample_json", pa.string())])


def separation_rows(series: Sequence[SeparationSeries]) -> list[Row]:
    """One row a sample, in the columns of `SEPARATION_SCHEMA`; what is unknown is absent."""
    return [_row(one.craft_track, sample) for one in series for sample in one.samples]


def _row(craft: str, sample: SeparationSample) -> Row:
    measured = sample.separation
    row: Row = {
        "craft_track": craft,
        "t_s": sample.t_s,
        "pts": sample.pts,
        "captured_at": sample.captured_at.isoformat() if sample.captured_at else None,
        "animal_track": sample.animal_track,
        "animal_age_s": sample.animal_age_s,
        "craft_observed": sample.craft_observed,
        "separation_m": measured.value_m,
        "sigma_m": measured.sigma_m,
        "low_95_m": measured.interval_95_m.low,
        "high_95_m": measured.interval_95_m.high,
        "relative_bearing_deg": sample.relative_bearing_deg,
        "p_moving": sample.underway.p_moving if sample.underway else None,
        "sample_json": sample.model_dump_json(),
    }
    if sample.pod:
        low, high = sample.pod.interval_95_m.low, sample.pod.interval_95_m.high
        row |= {"pod_m": sample.pod.value_m, "pod_low_95_m": low, "pod_high_95_m": high}
    if sample.speed:
        low, high = sample.speed.interval_95_mps.low, sample.speed.interval_95_mps.high
        row |= {"speed_mps": sample.speed.value_mps, "speed_low_95_mps": low, "speed_high_95_mps": high}
        row["course_deg"] = sample.speed.course_deg
    return row


def separations_csv(rows: Sequence[Row]) -> str:
    """The rows as CSV without the nested column; unknown as empty."""
    out = io.StringIO()
    names = [name for name, _ in COLUMNS]
    writer = csv.DictWriter(out, fieldnames=names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def separations_between(path: Path, start_s: float, stop_s: float) -> list[Row]:
    """Rows of a `separations.parquet` in [start_s, stop_s) without the nested column; no more of the clip is read."""
    wanted = [("t_s", ">=", start_s), ("t_s", "<", stop_s)]
    rows: list[Row] = pq.read_table(path, columns=[name for name, _ in COLUMNS], filters=wanted).to_pylist()
    return rows


def read_separations(path: Path) -> tuple[SeparationSeries, ...]:
    """The series of a `separations.parquet`, samples as they were judged; stays and crossings are in `analysis.json`.

    Raises:
        BadInput: the file is missing or is no such table; names the file and the remedy.
    """
    try:
        rows = pq.read_table(path, columns=["craft_track", "sample_json"]).to_pylist()
        samples: dict[str, list[SeparationSample]] = {}
        for row in rows:
            sample = SeparationSample.model_validate_json(row["sample_json"])
            samples.setdefault(row["craft_track"], []).append(sample)
    except (OSError, pa.ArrowInvalid, KeyError, ValidationError) as error:
        detail = str(error).splitlines()[0]
        raise BadInput(f"cannot be read as separations: {detail}", where=str(path), remedy=REMEDY) from error
    return tuple(
        SeparationSeries(
            craft_track=craft,
            animals=tuple(dict.fromkeys(sample.animal_track for sample in of_craft)),
            samples=tuple(of_craft),
        )
        for craft, of_craft in samples.items()
    )
