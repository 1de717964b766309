"""Camera tracks as the assignment needs them: a few well spaced sightings with their own error and what they share."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.errors import BadInput
from wideberth_contracts.poses import GeoOrigin
from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_gateway.identity.routes import Plane

CRAFT = (ObjectKind.VESSEL, ObjectKind.JET_SKI)
MOST_SIGHTINGS = 12
"""Of one track; sightings that are close in time say the same."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where the camera puts a craft at a time.

    Attributes:
        east_variance_m2, north_variance_m2: of its own error.
        shared_m: by source of error, what one standard error of it does to the place (east, north).
    """

    epoch_s: float
    east_m: float
    north_m: float
    east_variance_m2: float
    north_variance_m2: float
    shared_m: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class CameraTrack:
    """One craft as seen, sightings in order of time, at least one."""

    id: str
    sightings: tuple[Sighting, ...]

    @property
    def start_s(self) -> float:
        """Time of the first sighting."""
        return self.sightings[0].epoch_s

    @property
    def stop_s(self) -> float:
        """Time of the last."""
        return self.sightings[-1].epoch_s

    def overlaps(self, other: "CameraTrack") -> bool:
        """Whether both were seen at one time: then they are two craft."""
        return self.start_s <= other.stop_s and other.start_s <= self.stop_s


@dataclass(frozen=True, slots=True)
class Scene:
    """All craft of an analysis on one plane; `left_out` tells which tracks have no place or time."""

    plane: Plane
    tracks: tuple[CameraTrack, ...]
    left_out: dict[str, str]


def scene_of(tracks: Sequence[Track], origin: GeoOrigin | None, starts_at: datetime | None) -> Scene:
    """The craft of an analysis.

    Raises:
        BadInput: no craft has a latitude and a time of day.
    """
    craft = [track for track in tracks if track.kind in CRAFT]
    plane = _plane(craft, origin)
    if craft and plane is None:
        raise BadInput(
            "no track has a latitude, so there is nothing to hold AIS against", where="tracks",
            remedy="analyse with telemetry that has a position",
        )  # fmt: skip
    plane = plane or Plane(0.0, 0.0)
    kept: list[CameraTrack] = []
    left_out: dict[str, str] = {}
    for track in craft:
        if track.state in (TrackState.REJECTED, TrackState.TENTATIVE):
            left_out[track.id] = f"the track is {track.state.value}"
            continue
        sightings = [s for point in track.points if (s := _sighting(point, plane, origin, starts_at)) is not None]
        if sightings:
            kept.append(CameraTrack(track.id, tuple(_spread(sightings))))
        else:
            left_out[track.id] = "no sighting with a place and a time of day"
    if craft and not kept and any("time of day" in why for why in left_out.values()):
        raise BadInput(
            "no track has a place and a time of day", where="tracks",
            remedy="tell when the clip began with --starts-at, or analyse with telemetry that has times",
        )  # fmt: skip
    return Scene(plane, tuple(kept), left_out)


def _plane(tracks: Sequence[Track], origin: GeoOrigin | None) -> Plane | None:
    for track in tracks:
        for point in track.points:
            place = point.position
            if isinstance(place, Position) and place.latitude is not None and place.longitude is not None:
                return Plane(place.latitude, place.longitude)
    return Plane(origin.latitude, origin.longitude) if origin else None


def _sighting(point: TrackPoint, plane: Plane, origin: GeoOrigin | None, starts_at: datetime | None) -> Sighting | None:
    place = point.position
    if not point.observed or not isinstance(place, Position):
        return None
    if point.captured_at is not None:
        epoch_s = point.captured_at.timestamp()
    elif starts_at is not None:
        epoch_s = starts_at.timestamp() + point.t_s
    else:
        return None
    if place.latitude is not None and place.longitude is not None:
        east, north = plane.east_north(place.latitude, place.longitude)
    elif origin is not None:
        base = plane.east_north(origin.latitude, origin.longitude)
        east, north = base[0] + place.east_m, base[1] + place.north_m
    else:
        return None
    shared = {
        term.source.value: ((term.plus.east_m - term.minus.east_m) / 2, (term.plus.north_m - term.minus.north_m) / 2)
        for term in place.shared
    }
    return Sighting(epoch_s, east, north, place.own.east_east, place.own.north_north, shared)


def _spread(sightings: Sequence[Sighting]) -> list[Sighting]:
    if len(sightings) <= MOST_SIGHTINGS:
        return list(sightings)
    step = (len(sightings) - 1) / (MOST_SIGHTINGS - 1)
    return [sightings[math.floor(i * step + 0.5)] for i in range(MOST_SIGHTINGS)]
