"""A finished analysis in its folder held against AIS: `identity.json`, and what each craft is called."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wideberth_contracts.clues import KnownLength
from wideberth_contracts.errors import BadInput
from wideberth_contracts.identity import VesselIdentity
from wideberth_contracts.poses import GeoOrigin
from wideberth_contracts.tracks import Track
from wideberth_gateway.identity.answer import identity_json
from wideberth_gateway.identity.deciding import Identified, identify, named
from wideberth_gateway.identity.lengths import known_lengths
from wideberth_gateway.identity.reports import AisLog, latest_particulars
from wideberth_gateway.identity.scene import Scene, scene_of
from wideberth_pipeline.durable import write_text_whole
from wideberth_pipeline.track_table import read_tracks

IDENTITY_FILE = "identity.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """A folder ready to be held against AIS."""

    folder: Path
    analysis_id: str | None
    scene: Scene
    tracks: Sequence[Track]

    @property
    def span_epoch_s(self) -> tuple[float, float] | None:
        """From the first sighting of a craft to the last; None where no craft has a place and a time."""
        tracks = self.scene.tracks
        return (min(t.start_s for t in tracks), max(t.stop_s for t in tracks)) if tracks else None


@dataclass(frozen=True, slots=True)
class Answered:
    """What AIS says of it; `identity.json` holds the same."""

    found: Identified
    lengths: tuple[KnownLength, ...]

    @property
    def by_track(self) -> dict[str, VesselIdentity]:
        """Identities by track."""
        return named(self.found.identities)


def asked_of(folder: Path, starts_at: datetime | None = None) -> Asked:
    """The craft of an analysis.

    Args:
        folder: of a finished analysis.
        starts_at: when the clip began, where no file of the analysis says.

    Raises:
        BadInput: no analysis is there, or no craft of it has a place and a time of day.
    """
    analysis = _analysis(folder)
    tracks = read_tracks(folder / "tracks.parquet")
    origin = GeoOrigin.model_validate(analysis["origin"]) if analysis.get("origin") else None
    said = (analysis.get("video") or {}).get("starts_at")
    began = starts_at or (datetime.fromisoformat(said) if said else None)
    return Asked(folder, analysis.get("analysis_id"), scene_of(tracks, origin, began), tracks)


def answer(asked: Asked, logs: Sequence[AisLog]) -> Answered:
    """Who was who by all of the logs together; `identity.json` is whole on disk when this returns."""
    particulars = latest_particulars(each for log in logs for each in log.particulars)
    found = identify(asked.scene, [report for log in logs for report in log.reports], particulars)
    lengths = known_lengths(asked.tracks, found.identities)
    text = identity_json(found, logs, asked.scene.left_out, lengths, asked.analysis_id)
    write_text_whole(asked.folder / IDENTITY_FILE, text)
    return Answered(found, lengths)


def _analysis(folder: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        remedy = "give the folder that `wideberth analyse` wrote"
        raise BadInput(f"no analysis.json that can be read: {error}", where=str(folder), remedy=remedy) from error
    return content
