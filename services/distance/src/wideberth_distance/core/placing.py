"""Pixels to positions: shared terms by exact re-projection, own error from pixels, waves and point height."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pymap3d

from wideberth_contracts.poses import GeoOrigin
from wideberth_contracts.positions import (
    EastNorth,
    ErrorSource,
    MaybePosition,
    NoPosition,
    Position,
    PositionAbsence,
    SharedTerm,
)
from wideberth_distance.core.projection import SOURCES, Array, Cameras, Mask, sea_from_image

MAX_RANGE_M = 6_000.0
"""Beyond it an uncertain refraction alone moves a position by hundreds of metres."""
MAX_RELATIVE_ERROR = 1.0
_SCALE_SOURCES = tuple(
    i
    for i, s in enumerate(SOURCES)
    if s in (ErrorSource.HEIGHT, ErrorSource.PITCH, ErrorSource.ROLL, ErrorSource.FOCAL_LENGTH)
)
"""Sources that move positions against one another, and not all of them alike."""
_PROBE_PX = 0.5
SAME_MOVE_M = 1e-9
"""Moves that differ by less are the same, but for rounding."""


@dataclass(frozen=True, slots=True)
class Picked:
    """N picked points.

    Attributes:
        pixels: shape (N, 2).
        sigma_px: shape (N,).
        heights_m, height_sigmas_m: above the water, shape (N,).
        extra: own covariance from elsewhere (a fitted hull), added to that of the pixels, shape (N, 2, 2), or None.
    """

    pixels: Array
    sigma_px: Array
    heights_m: Array
    height_sigmas_m: Array
    extra: Array | None = None

    @classmethod
    def joined(cls, parts: Sequence["Picked"]) -> Self:
        """All points of the parts, in order."""
        extras = [np.zeros((p.pixels.shape[0], 2, 2)) if p.extra is None else p.extra for p in parts]
        return cls(
            pixels=np.concatenate([part.pixels for part in parts]),
            sigma_px=np.concatenate([part.sigma_px for part in parts]),
            heights_m=np.concatenate([part.heights_m for part in parts]),
            height_sigmas_m=np.concatenate([part.height_sigmas_m for part in parts]),
            extra=np.concatenate(extras),
        )


def place_points(
    cameras: Cameras, wave_height_m: float, origin: GeoOrigin | None, picked: Picked
) -> list[MaybePosition]:
    """A position for every point, or why it has none.

    Args:
        cameras: The nominal camera and its 14 variants.
        wave_height_m: Significant wave height Hs; a point rides Hs/4 (1 sigma) above or below the mean sea.
        origin: For latitude and longitude.
        picked: The points.
    """
    if picked.pixels.shape[0] == 0:
        return []
    places, visible = sea_from_image(cameras, picked.pixels, picked.heights_m)
    own = _own_covariances(cameras, wave_height_m, picked, places[0])
    reach = _reach(cameras, places, visible)
    within = reach.within()
    found = positions(places[:, within], own[within], origin)
    return [next(found) if near else reach.absence(i) for i, near in enumerate(within.tolist())]


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far away N points are and how well that is known, each shape (N,).

    Attributes:
        seen: below the horizon of the nominal camera.
        seen_by_all: and of every variant that moves points against one another.
        range_m, slant_m: over the sea, and from the camera.
        spread_m: one standard error of the place from those sources together.
    """

    seen: Mask
    seen_by_all: Mask
    range_m: Array
    slant_m: Array
    spread_m: Array

    def within(self) -> Mask:
        """Which points have a position, shape (N,)."""
        known = self.spread_m <= MAX_RELATIVE_ERROR * self.slant_m
        return np.asarray(self.seen & self.seen_by_all & (self.range_m <= MAX_RANGE_M) & known)

    def absence(self, index: int) -> NoPosition:
        """Why a point has no position."""
        if not self.seen[index]:
            return NoPosition(reason=PositionAbsence.ABOVE_HORIZON)
        away = f"{self.range_m[index]:.0f} m away"
        if self.range_m[index] > MAX_RANGE_M:
            return NoPosition(reason=PositionAbsence.TOO_FAR, detail=f"{away}, limit {MAX_RANGE_M:.0f} m")
        if not self.seen_by_all[index]:
            return NoPosition(reason=PositionAbsence.TOO_FAR, detail=f"{away}; one standard error reaches the horizon")
        return NoPosition(reason=PositionAbsence.TOO_FAR, detail=f"{away}, known to {self.spread_m[index]:.0f} m")


def _reach(cameras: Cameras, places: Array, visible: Mask) -> _Reach:
    """Of places of shape (V, N, 2), seen as `visible`, shape (V, N), tells."""
    base = np.array([cameras.east_m[0], cameras.north_m[0]])
    range_m = np.hypot(*np.moveaxis(places[0] - base, -1, 0))
    ups, downs = [1 + 2 * i for i in _SCALE_SOURCES], [2 + 2 * i for i in _SCALE_SOURCES]
    halves = (places[ups] - places[downs]) / 2
    return _Reach(
        seen=visible[0],
        seen_by_all=np.asarray(visible[ups + downs].all(axis=0)),
        range_m=range_m,
        slant_m=np.hypot(range_m, cameras.height_m[0]),
        spread_m=np.sqrt(np.square(halves).sum(axis=(0, 2))),
    )


def _own_covariances(cameras: Cameras, wave_height_m: float, picked: Picked, places: Array) -> Array:
    """Shape (N, 2, 2), m²."""
    nominal = cameras.nominal()
    own: Array = np.zeros((picked.pixels.shape[0], 2, 2)) if picked.extra is None else picked.extra
    if picked.sigma_px.any():
        shifts = np.array([[_PROBE_PX, 0], [-_PROBE_PX, 0], [0, _PROBE_PX], [0, -_PROBE_PX]])
        probes = (picked.pixels[None] + shifts[:, None]).reshape(-1, 2)
        moved, seen = sea_from_image(nominal, probes, np.tile(picked.heights_m, 4))
        moved = np.where(seen[0][:, None], moved[0], np.tile(places, (4, 1))).reshape(4, -1, 2)
        jacobian = np.stack([(moved[0] - moved[1]), (moved[2] - moved[3])], axis=-1) / (2 * _PROBE_PX)
        own = own + jacobian @ np.swapaxes(jacobian, 1, 2) * (picked.sigma_px**2)[:, None, None]
    base = np.array([nominal.east_m[0], nominal.north_m[0]])
    rise = np.maximum(nominal.height_m[0] - picked.heights_m, 1e-3)
    slant = (places - base) / rise[:, None]
    sigma_z = np.hypot(wave_height_m / 4, picked.height_sigmas_m)
    waves: Array = slant[:, :, None] * slant[:, None, :] * (sigma_z**2)[:, None, None]
    return own + waves


def positions(places: Array, own: Array, origin: GeoOrigin | None) -> Iterator[Position]:
    """Of N points with places of shape (V, N, 2).

    One call of the validator for the whole tree of a position: a craft has nine, and made value by value they cost
    more than the geometry.
    """
    offsets = np.swapaxes(places[1:] - places[0], 0, 1)
    alike = _alike(offsets)
    degrees = _degrees(origin, places[0])
    for (east_m, north_m), (of_east, of_north), moved, (latitude, longitude) in zip(
        places[0].tolist(), own.tolist(), offsets.tolist(), degrees, strict=True
    ):
        shared = [
            alike.get(source)
            or {
                "source": source,
                "plus": {"east_m": moved[2 * i][0], "north_m": moved[2 * i][1]},
                "minus": {"east_m": moved[2 * i + 1][0], "north_m": moved[2 * i + 1][1]},
            }
            for i, source in enumerate(SOURCES)
        ]
        yield Position.model_validate(
            {
                "east_m": east_m,
                "north_m": north_m,
                "latitude": latitude,
                "longitude": longitude,
                "shared": shared,
                "own": {"east_east": of_east[0], "east_north": of_east[1], "north_north": of_north[1]},
            }
        )


def _alike(offsets: Array) -> dict[ErrorSource, SharedTerm]:
    """Terms that move all N points by the same, from offsets of shape (N, 14, 2): those of the camera's place, made
    once for all of them."""
    if not len(offsets):
        return {}
    spread = np.ptp(offsets, axis=0).reshape(len(SOURCES), 4).max(axis=1)
    terms = {}
    for i in np.flatnonzero(spread < SAME_MOVE_M).tolist():
        plus, minus = (EastNorth(east_m=east, north_m=north) for east, north in offsets[0, 2 * i : 2 * i + 2].tolist())
        terms[SOURCES[i]] = SharedTerm(source=SOURCES[i], plus=plus, minus=minus)
    return terms


def _degrees(origin: GeoOrigin | None, places: Array) -> Sequence[tuple[float, float] | tuple[None, None]]:
    if origin is None:
        return [(None, None)] * len(places)
    latitude, longitude, _ = pymap3d.enu2geodetic(
        places[:, 0], places[:, 1], np.zeros(places.shape[0]), origin.latitude, origin.longitude, 0.0
    )
    return list(zip(np.atleast_1d(latitude).tolist(), np.atleast_1d(longitude).tolist(), strict=True))
