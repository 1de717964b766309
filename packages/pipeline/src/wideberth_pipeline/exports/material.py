"""What exports are made from: the plan, the tracks, and the frames that were looked at."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.errors import Conflict
from wideberth_contracts.known import Species
from wideberth_contracts.separations import SeparationSeries
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_pipeline.frame_list import FrameList, frames_of
from wideberth_pipeline.plan import Plan, load_plan
from wideberth_pipeline.segment_file import is_done, segment_path
from wideberth_pipeline.separation_table import read_separations
from wideberth_pipeline.track_table import tracks_in

CLASSES = tuple(ObjectKind)
"""Classes in the order of their numbers, from 0, as the detector's training has them."""

BELIEVED = (TrackState.CONFIRMED, TrackState.LOST)


@dataclass(frozen=True)
class Material:
    """A finished analysis.

    Attributes:
        tracks: those that are exported.
        frames: the times of all frames of the video.
        looked_at: PTS of the frames that were analysed, rising; frames that failed are not among them.
        species: the animals were taken for these when the rules were applied; None where no rule was.
    """

    plan: Plan
    tracks: tuple[Track, ...]
    frames: FrameList
    looked_at: tuple[int, ...]
    series: tuple[SeparationSeries, ...]
    species: Species | None

    def frame_name(self, pts: int) -> str:
        """A file name for a frame: its number in the video, from 0, and its PTS."""
        return f"frame_{self.frames.number(pts):06d}_pts_{pts}"

    def moment(self, point: TrackPoint) -> datetime | None:
        """UTC of a point, where telemetry or container tell it."""
        if point.captured_at is not None or self.plan.starts_at is None:
            return point.captured_at
        return self.plan.starts_at + timedelta(seconds=point.t_s)


def material_of(folder: Path, video: Path, *, rejected: bool = False) -> Material:
    """Of the folder of an analysis.

    Args:
        video: the clip; only read where the folder holds no list of its frames.
        rejected: rejected and tentative tracks too.

    Raises:
        Conflict: the analysis is not finished.
    """
    tracks_file = folder / "tracks.parquet"
    if not tracks_file.is_file():
        raise Conflict("the analysis has no tracks yet", where=str(folder), remedy="wait until it is done")
    plan = load_plan(folder)
    tracks = tracks_in(tracks_file)
    return Material(
        plan=plan,
        tracks=tuple(track for track in tracks if track.points and (rejected or track.state in BELIEVED)),
        frames=frames_of(folder, video),
        looked_at=_looked_at(plan, folder),
        series=read_separations(folder / "separations.parquet"),
        species=_species(folder / "encounters.json"),
    )


def _looked_at(plan: Plan, folder: Path) -> tuple[int, ...]:
    found: list[int] = []
    for span in plan.spans:
        path = segment_path(folder, span)
        if not is_done(path, plan.analysis_id):
            continue
        rows = pq.read_table(path, columns=["pts", "sensed"]).to_pylist()
        found += [row["pts"] for row in rows if json.loads(row["sensed"]).get("failure") is None]
    return tuple(sorted(found))


def _species(encounters: Path) -> Species | None:
    if not encounters.is_file():
        return None
    told = json.loads(encounters.read_text(encoding="utf-8")).get("species")
    return Species(told) if told else None
