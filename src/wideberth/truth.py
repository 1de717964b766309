"""The simulator's truth beside what was measured: which craft is which, and how far it really was."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.judgement import Encounter
from wideberth_contracts.tracks import Track

INSIDE_M = 50.0
MINIMUM_INSIDE_S = 1.0  # as the rule pack's minimum duration
CRAFT_KINDS = ("vessel", "jet_ski")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TrueCraft:
    """One craft of the scene. `inside_s`: seconds for which it truly was within 50 m of a surfaced animal."""

    object_id: str
    closest_m: float | None
    inside_s: float

    @property
    def breaks_rule(self) -> bool:
        """True where the 50 m rule was truly broken for as long as the rule asks."""
        return self.inside_s >= MINIMUM_INSIDE_S


@dataclass(frozen=True, slots=True)
class Truth:
    """Truth rows of the craft, by PTS."""

    by_pts: dict[int, tuple[Row, ...]]
    crafts: dict[str, TrueCraft]

    @classmethod
    def read(cls, path: Path) -> "Truth":
        """The truth of a simulated clip, from `truth.parquet`."""
        rows = [row for row in pq.read_table(path).to_pylist() if row["kind"] in CRAFT_KINDS]
        by_pts: dict[int, list[Row]] = {}
        for row in rows:
            by_pts.setdefault(row["pts"], []).append(row)
        names = {str(row["object_id"]) for row in rows}
        crafts = {name: _true_craft(name, [r for r in rows if str(r["object_id"]) == name]) for name in sorted(names)}
        return cls({pts: tuple(here) for pts, here in by_pts.items()}, crafts)

    def object_of(self, track: Track) -> str | None:
        """The craft whose centre lies in the track's box in most frames."""
        votes: Counter[str] = Counter()
        for point in track.points:
            if point.box is None:
                continue
            for row in self.by_pts.get(point.pts, ()):
                if row["cx_px"] is not None and _holds(point.box, row["cx_px"], row["cy_px"]):
                    votes[str(row["object_id"])] += 1
        return votes.most_common(1)[0][0] if votes else None

    def separation_at(self, object_id: str, pts: int) -> float | None:
        """True separation to the nearest surfaced animal at a frame; to the nearest at all where none is up."""
        row = next((r for r in self.by_pts.get(pts, ()) if str(r["object_id"]) == object_id), None)
        return None if row is None else _separation(row)

    def of_encounter(self, encounter: Encounter, tracks: dict[str, Track]) -> tuple[TrueCraft | None, float | None]:
        """The craft an encounter is about, and its true separation at the encounter's closest frame."""
        name = self.object_of(tracks[encounter.craft_track])
        if name is None:
            return None, None
        return self.crafts[name], self.separation_at(name, encounter.closest_pts)


def _separation(row: Row) -> float | None:
    surfaced = row.get("separation_surfaced_m")
    return surfaced if surfaced is not None else row.get("separation_m")


def _holds(box: OrientedBox, x_px: float, y_px: float) -> bool:
    left, top, right, bottom = box.xyxy_px()
    return left <= x_px <= right and top <= y_px <= bottom


def _true_craft(name: str, rows: list[Row]) -> TrueCraft:
    rows = sorted(rows, key=lambda row: row["t_s"])
    separations = [(row["t_s"], row.get("separation_surfaced_m")) for row in rows]
    seen = [value for _, value in separations if value is not None]
    step = (rows[-1]["t_s"] - rows[0]["t_s"]) / max(1, len(rows) - 1)
    inside = sum(step for _, value in separations if value is not None and value <= INSIDE_M)
    return TrueCraft(name, min(seen) if seen else None, inside)
