"""What `observations.parquet` of an analysis tells, read again: when things were seen, and as part of which track."""

from pathlib import Path

import pyarrow.parquet as pq

OBSERVATIONS_FILE = "observations.parquet"


def observed_times_s(folder: Path) -> list[float]:
    """When each detection was seen, s from the clip's first frame; none before the analysis is followed."""
    path = folder / OBSERVATIONS_FILE
    if not path.exists():
        return []
    times: list[float] = pq.read_table(path, columns=["t_s"])["t_s"].to_pylist()
    return times


def owners(folder: Path, span_s: tuple[float, float] | None = None) -> dict[tuple[int, int], str]:
    """Which track holds a detection, by PTS and its number in the frame; of those that some track holds.

    Args:
        span_s: only of frames in [start, stop).
    """
    path = folder / OBSERVATIONS_FILE
    if not path.exists():
        return {}
    wanted = [("t_s", ">=", span_s[0]), ("t_s", "<", span_s[1])] if span_s else None
    rows = pq.read_table(path, columns=["pts", "detection", "track_id"], filters=wanted).to_pylist()
    return {(row["pts"], row["detection"]): row["track_id"] for row in rows if row["track_id"] is not None}
