"""Lengths of named vessels as clues for the scale: bow and stern are the ends of the hull's box in one frame."""

import math
from collections.abc import Sequence

from wideberth_contracts.clues import KnownLength
from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.identity import IdentityVerdict, VesselIdentity
from wideberth_contracts.tracks import Track, TrackPoint

SLENDER = 2.5
"""Length over width of the box from which its long side is the hull: seen from ahead, a hull is as wide as long."""

LEAST_PX = 40.0
END_PX, END_SHARE = 2.0, 0.02
"""Error of each end: px at least, and a share of the box, for bows overhang and boxes are loose."""


def known_lengths(tracks: Sequence[Track], identities: Sequence[VesselIdentity]) -> tuple[KnownLength, ...]:
    """One clue a vessel that is named, states its length and was seen from the side; for `analyse --known-length`.

    The error is the typical one of a stated length. Lengths are typed in by persons and some are far out: the fit
    refuses a clue that disagrees with all the others, and cannot know where there is no other.
    """
    by_track = {track.id: track for track in tracks}
    found = []
    for identity in identities:
        track = by_track.get(identity.track)
        if identity.verdict is not IdentityVerdict.MATCHED or identity.length_m is None or track is None:
            continue
        best = _broadside(track.points)
        if best is not None:
            point, box = best
            bow, stern = _ends(box)
            found.append(KnownLength(
                t_s=point.t_s, bow_px=bow, stern_px=stern, sigma_px=max(END_PX, END_SHARE * box.length_px),
                length_m=identity.length_m, source=f"AIS {identity.mmsi}",
            ))  # fmt: skip
    return tuple(found)


def option_of(clue: KnownLength) -> str:
    """The clue as `analyse` takes it."""
    ends = ",".join(f"{value:.1f}" for value in (*clue.bow_px, *clue.stern_px))
    length = f"{clue.length_m.value:.1f}±{clue.length_m.sigma:.1f}"
    return f'--known-length "{clue.t_s:.3f},{ends},{length},{clue.source}"'


def _broadside(points: Sequence[TrackPoint]) -> tuple[TrackPoint, OrientedBox] | None:
    boxed = [
        (point, point.box)
        for point in points
        if point.observed and point.box and point.box.length_px >= max(LEAST_PX, SLENDER * point.box.width_px)
    ]
    return max(boxed, key=lambda pair: pair[1].length_px, default=None)


def _ends(box: OrientedBox) -> tuple[tuple[float, float], tuple[float, float]]:
    along = math.radians(box.angle_deg)
    x, y = math.cos(along) * box.length_px / 2, math.sin(along) * box.length_px / 2
    return (box.cx_px + x, box.cy_px + y), (box.cx_px - x, box.cy_px - y)
