"""What is drawn over the video at a moment: boxes between two sightings, the newest separation, rings on the sea."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.judgement import Verdict
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.separations import SeparationSample
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_pipeline import Outcome

BRIDGE_S = 1.2  # between two sightings closer than this a box is interpolated
HOLD_S = 0.25  # beyond its last sighting a box stays this long


@dataclass(frozen=True, slots=True)
class Seen:
    """A track at one moment of the video."""

    track: Track
    point: TrackPoint
    box: OrientedBox | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is drawn, ready to be asked by time. `verdicts` per craft is the worst finding."""

    tracks: tuple[Track, ...]
    times_s: dict[str, tuple[float, ...]]
    samples: dict[str, tuple[SeparationSample, ...]]
    verdicts: dict[str, Verdict]
    pose_times_s: tuple[float, ...]
    poses: tuple[CameraPose | None, ...]
    width_px: int
    height_px: int

    @classmethod
    def of(cls, outcome: Outcome, width_px: int, height_px: int) -> "Timeline":
        """The timeline of an outcome, for a video of that size."""
        shown = tuple(t for t in outcome.tracks if t.state in (TrackState.CONFIRMED, TrackState.LOST))
        seen = ((one.frame.t_s, one.pose) for segment in outcome.segments for one in segment.frames())
        posed = [(t_s, pose if isinstance(pose, CameraPose) else None) for t_s, pose in seen]
        return cls(
            tracks=shown,
            times_s={track.id: tuple(point.t_s for point in track.points) for track in shown},
            samples={series.craft_track: series.samples for series in outcome.series},
            verdicts=worst_verdicts(outcome),
            pose_times_s=tuple(t_s for t_s, _ in posed),
            poses=tuple(pose for _, pose in posed),
            width_px=width_px,
            height_px=height_px,
        )

    def seen_at(self, t_s: float) -> tuple[Seen, ...]:
        """Tracks that have something to show at `t_s`."""
        found = (self._seen(track, t_s) for track in self.tracks)
        return tuple(seen for seen in found if seen is not None)

    def _seen(self, track: Track, t_s: float) -> Seen | None:
        at = bisect_right(self.times_s[track.id], t_s + 1e-6) - 1
        if at < 0 or not track.points:
            return None
        before = next((p for p in reversed(track.points[: at + 1]) if p.box), None)
        after = next((p for p in track.points[at + 1 :] if p.box), None)
        box = _box_between(before, after, t_s)
        newest = track.points[at]
        if box is None and t_s - newest.t_s > HOLD_S:
            return None
        return Seen(track, newest, box)

    def sample_at(self, craft: str, t_s: float) -> SeparationSample | None:
        """The newest separation of a craft, at most a second old."""
        samples = self.samples.get(craft, ())
        at = bisect_right([sample.t_s for sample in samples], t_s + 1e-6) - 1
        return samples[at] if at >= 0 and t_s - samples[at].t_s <= 1.0 else None

    def pose_at(self, t_s: float) -> CameraPose | None:
        """The pose of the newest sensed frame."""
        at = bisect_right(self.pose_times_s, t_s + 1e-6) - 1
        return self.poses[at] if at >= 0 else None


def _box_between(before: TrackPoint | None, after: TrackPoint | None, t_s: float) -> OrientedBox | None:
    if before is None or before.box is None:
        return None
    if t_s - before.t_s <= 1e-6:
        return before.box
    if after is not None and after.box is not None and after.t_s - before.t_s <= BRIDGE_S:
        return _blend(before.box, after.box, (t_s - before.t_s) / (after.t_s - before.t_s))
    return before.box if t_s - before.t_s <= HOLD_S else None


def _blend(a: OrientedBox, b: OrientedBox, share: float) -> OrientedBox:
    turn = (b.angle_deg - a.angle_deg + 90) % 180 - 90
    angle = (a.angle_deg + share * turn + 90) % 180 - 90
    mixed = {
        name: (1 - share) * getattr(a, name) + share * getattr(b, name)
        for name in ("cx_px", "cy_px", "length_px", "width_px")
    }
    return OrientedBox(angle_deg=min(angle, 89.999), **mixed)


def worst_verdicts(outcome: Outcome) -> dict[str, Verdict]:
    """Per craft: violation before cannot-judge before compliant; advisory findings do not count."""
    return _worst(
        (encounter.craft_track, finding.verdict)
        for encounter in outcome.judgement.encounters
        for finding in encounter.findings
        if not finding.advisory
    )


def worst_verdicts_of_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Verdict]:
    """The same from the rows of `encounters.json`."""
    return _worst((row["vessel_track"], Verdict(row["verdict"])) for row in rows if not row["advisory"])


def _worst(found: Iterable[tuple[str, Verdict]]) -> dict[str, Verdict]:
    rank: Mapping[Verdict, int] = {Verdict.COMPLIANT: 0, Verdict.CANNOT_JUDGE: 1, Verdict.VIOLATION: 2}
    worst: dict[str, Verdict] = {}
    for craft, verdict in found:
        worst[craft] = max(worst.get(craft, Verdict.COMPLIANT), verdict, key=lambda one: rank[one])
    return worst


def is_animal(track: Track) -> bool:
    """True for what is protected."""
    return track.kind is ObjectKind.DOLPHIN
