"""Tracks of another analysis, taken over with their screenings into the folder of one that goes on behind them."""

import json
import shutil
from pathlib import Path

from wideberth_contracts.errors import NotFound
from wideberth_contracts.screening import Screening
from wideberth_contracts.tracks import Track
from wideberth_pipeline.observed import OBSERVATIONS_FILE, owners
from wideberth_pipeline.track_table import tracks_in

INHERITED = "inherited"
"""Folder of what was taken over of tracks."""

TRACKS_FILE, SUMMARY_FILE = "tracks.parquet", "analysis.json"


def take_tracks(parent_folder: Path, folder: Path) -> None:
    """The files of it lie in the folder. Raises `NotFound` where one is not kept any more. Blocks."""
    place = folder / INHERITED
    place.mkdir(exist_ok=True)
    for name in (TRACKS_FILE, OBSERVATIONS_FILE, SUMMARY_FILE):
        if not (parent_folder / name).is_file():
            raise not_kept(parent_folder / name)
        shutil.copyfile(parent_folder / name, place / name)


def inherited_tracks(folder: Path) -> tuple[tuple[Track, ...], tuple[Screening, ...]]:
    """Tracks with their detections, and screenings, as they were taken over. Blocks."""
    place = folder / INHERITED
    numbers = {(track_id, pts): number for (pts, number), track_id in owners(place).items()}
    tracks = tuple(
        track.model_copy(
            update={
                "points": tuple(
                    point.model_copy(update={"detection": numbers.get((track.id, point.pts))}) for point in track.points
                )
            }
        )
        for track in tracks_in(place / TRACKS_FILE)
    )
    told = json.loads((place / SUMMARY_FILE).read_text(encoding="utf-8"))["screenings"]
    return tracks, tuple(Screening.model_validate_json(json.dumps(one)) for one in told)


def not_kept(path: Path) -> NotFound:
    """That a file of the other analysis is gone."""
    remedy = "fork from sense, which computes it again"
    return NotFound(f"{path.name} of the analysis is not kept any more", where=path.parent.name, remedy=remedy)
