"""Points and tracks on the wire, from what a frame did to the tracker's records."""

import math
from collections.abc import Sequence

import numpy as np

from wideberth_contracts.poses import CameraPose, FramePose
from wideberth_contracts.positions import Covariance2, LocatedDetection, NoPosition, Position
from wideberth_contracts.tracks import PoseErrors, SensedFrame, TrackPoint, TrackSettings
from wideberth_contracts.wire import Measured
from wideberth_tracker.core.kalman import Floats
from wideberth_tracker.core.memory import MOST_LENGTHS, Filter, LastSeen, TrackRecord
from wideberth_tracker.core.moving import p_faster
from wideberth_tracker.core.step import Passing, lost_after_s

VAGUE_MPS = 1.5
"""Standard error of a velocity, along its worse axis, from which nothing is said about moving or not, unless the
velocity is twice as large all the same."""
SHARED_DRIFT_PER_S = 0.01
"""Part of one standard error by which a shared source may drift in a second: a barometer or heading that wanders
through its whole error in a hundred seconds. Such a drift looks like speed, so it widens the speed's error."""


def take_note(track: TrackRecord, item: LocatedDetection, now_s: float) -> None:
    """Remember what later points need of a sighting: place, hull, length."""
    if item.length_m is not None and item.length_m.value > 0:
        _note_length(track, item.length_m)
    if not isinstance(item.position, Position):
        track.absence = item.position.reason
        return
    track.seen = LastSeen(item.position, item.outline, now_s)


def _note_length(track: TrackRecord, length_m: Measured) -> None:
    """Keep a sample that is even in time: choosing by value or error would favour long or short sightings."""
    if track.lengths_seen % track.length_stride == 0:
        track.lengths.append((length_m.value, length_m.sigma))
        track.typical_length_m = sorted([value for value, _ in track.lengths])[len(track.lengths) // 2]
    track.lengths_seen += 1
    if len(track.lengths) > MOST_LENGTHS:
        track.lengths = track.lengths[::2]
        track.length_stride *= 2


def forget_old_place(track: TrackRecord, now_s: float, settings: TrackSettings) -> None:
    """Give up a position that no sighting has renewed for as long as a track is carried on unseen."""
    if track.seen is not None and now_s - track.seen.t_s > lost_after_s(track.group, settings):
        track.seen, track.sea = None, None


def points_of(passings: Sequence[Passing], sensed: SensedFrame, settings: TrackSettings) -> list[TrackPoint]:
    """One point a passing, in order."""
    chances = _chances(passings, settings.moving_above_mps)
    pose = _pose_errors(sensed.pose)
    return [_point(passing, sensed, chance, pose) for passing, chance in zip(passings, chances, strict=True)]


def _chances(passings: Sequence[Passing], above_mps: float) -> list[float | None]:
    """P(moving) of each passing, None where there is no velocity over ground or next to nothing is known of it."""
    with_sea = [index for index, passing in enumerate(passings) if passing.shown.sea is not None]
    answer: list[float | None] = [None] * len(passings)
    if not with_sea:
        return answer
    seas = [sea for passing in passings if (sea := passing.shown.sea) is not None]
    velocities = np.array([sea.mean[2:] for sea in seas])
    covs = np.array([sea.cov for sea in seas]).reshape(-1, 4, 4)[:, 2:, 2:]
    drift = _drift_covs([passings[index].shown for index in with_sea])
    wide = np.sqrt(np.linalg.eigvalsh(covs)[:, 1])
    vague = (wide > VAGUE_MPS) & (np.linalg.norm(velocities, axis=1) < 2 * wide)
    for row, chance in enumerate(p_faster(velocities, covs + drift, above_mps).tolist()):
        answer[with_sea[row]] = None if vague[row] else chance
    return answer


def _drift_covs(tracks: Sequence[TrackRecord]) -> Floats:
    shared = np.array([track.shared for track in tracks])
    return SHARED_DRIFT_PER_S**2 * shared[:, [0, 1, 1, 2]].reshape(-1, 2, 2)


def _point(passing: Passing, sensed: SensedFrame, chance: float | None, pose: PoseErrors | None) -> TrackPoint:
    track, frame = passing.shown, sensed.frame
    item = None if passing.detection is None else sensed.detections[passing.detection]
    position, outline = _place(track, item)
    has_velocity = track.sea is not None and isinstance(position, Position)
    # One call for the whole tree: made value by value, the parts of a point cost more than all filters together.
    return TrackPoint.model_validate(
        {
            "t_s": frame.t_s,
            "pts": frame.pts,
            "captured_at": frame.captured_at,
            "observed": item is not None,
            "coasting_s": passing.gap_s if item is not None else max(0.0, frame.t_s - track.last_s),
            "detection": passing.detection,
            "confidence": 0.0 if item is None else item.detection.confidence,
            "position": position,
            "outline": outline,
            "sighted": _sighted(item, pose) if has_velocity else None,
            "velocity": _velocity(track.sea) if has_velocity and track.sea is not None else None,
            "p_moving": chance if has_velocity else None,
            "box": None if item is None else item.detection.box,
        }
    )


def _sighted(item: LocatedDetection | None, pose: PoseErrors | None) -> dict[str, object] | None:
    if item is None or not isinstance(item.position, Position):
        return None
    place = item.position
    return {"east_m": place.east_m, "north_m": place.north_m, "own": place.own, "pose": pose}


def _pose_errors(pose: FramePose) -> PoseErrors | None:
    if not isinstance(pose, CameraPose):
        return None
    return PoseErrors(
        height_m=pose.height_m.sigma,
        pitch_deg=pose.pitch_deg.sigma,
        roll_deg=pose.roll_deg.sigma,
        yaw_deg=pose.yaw_deg.sigma,
        east_m=pose.east_m.sigma,
        north_m=pose.north_m.sigma,
    )


def _place(track: TrackRecord, item: LocatedDetection | None) -> tuple[Position | NoPosition, tuple[Position, ...]]:
    """Filtered position, and the hull as last seen, moved from the measured to the filtered position.

    A hull that is not seen now is no better known than the track, so its corners take on the track's error as well.
    """
    if track.sea is None or track.seen is None:
        if item is not None and isinstance(item.position, NoPosition):
            return item.position, ()
        return NoPosition(reason=track.absence), ()
    measured = track.seen.position
    shift = (track.sea.mean[0] - measured.east_m, track.sea.mean[1] - measured.north_m)
    own = _covariance(track.sea.cov[0], track.sea.cov[1], track.sea.cov[5])
    unseen = item is None or item.position is not measured
    degrees = _degrees(measured.latitude, shift)
    outline = tuple(
        [
            _moved(corner, shift, degrees, _sum(corner.own, own) if unseen else corner.own)
            for corner in track.seen.outline
        ]
    )
    return _moved(measured, shift, degrees, own), outline


def _moved(
    position: Position, shift_m: tuple[float, float], shift_deg: tuple[float, float], own: Covariance2
) -> Position:
    changed = dict(position.__dict__)
    changed["east_m"] += shift_m[0]
    changed["north_m"] += shift_m[1]
    if position.latitude is not None and position.longitude is not None:
        changed["latitude"], changed["longitude"] = position.latitude + shift_deg[0], position.longitude + shift_deg[1]
    changed["own"] = own
    return _like(position, changed)


def _like(position: Position, fields: dict[str, object]) -> Position:
    """A position with these fields, all checked before: what `model_copy` makes, at a quarter of its cost. A frame of
    twenty boats has 180 of them."""
    copied = Position.__new__(Position)
    for name, value in (
        ("__dict__", fields),
        ("__pydantic_fields_set__", position.__pydantic_fields_set__),
        ("__pydantic_extra__", None),
        ("__pydantic_private__", None),
    ):
        object.__setattr__(copied, name, value)
    return copied


def _degrees(latitude_deg: float | None, shift_m: tuple[float, float]) -> tuple[float, float]:
    """A shift of the place at this latitude, in degrees of latitude and longitude; nought where there are none."""
    if latitude_deg is None:
        return 0.0, 0.0
    metres = _metres_per_degree(latitude_deg)
    return shift_m[1] / metres[0], shift_m[0] / metres[1]


def _metres_per_degree(latitude_deg: float) -> tuple[float, float]:
    """Metres per degree of latitude and of longitude on the WGS 84 ellipsoid."""
    axis_m, flattening = 6378137.0, 1 / 298.257223563
    squared = flattening * (2 - flattening)
    latitude = math.radians(latitude_deg)
    inside = 1 - squared * math.sin(latitude) ** 2
    meridian_m, normal_m = axis_m * (1 - squared) / inside**1.5, axis_m / math.sqrt(inside)
    return math.radians(meridian_m), math.radians(normal_m * math.cos(latitude))


def _sum(one: Covariance2, two: Covariance2) -> Covariance2:
    return Covariance2(
        east_east=one.east_east + two.east_east,
        east_north=one.east_north + two.east_north,
        north_north=one.north_north + two.north_north,
    )


def _velocity(sea: Filter) -> dict[str, object]:
    own = {"east_east": max(0.0, sea.cov[10]), "east_north": sea.cov[11], "north_north": max(0.0, sea.cov[15])}
    return {"east_mps": sea.mean[2], "north_mps": sea.mean[3], "own": own}


def _covariance(east_east: float, east_north: float, north_north: float) -> Covariance2:
    return Covariance2(east_east=max(0.0, east_east), east_north=east_north, north_north=max(0.0, north_north))
