"""Pixels to positions: shared terms by exact re-projection, own error from pixels, waves and point height."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pymap3d

from wideberth_contracts.poses import GeoOrigin
from wideberth_contracts.positions import (
    Covariance2,
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


@dataclass(frozen=True, slots=True)
class Picked:
    """N picked points.

    Attributes:
        pixels: shape (N, 2).
        sigma_px: shape (N,).
        heights_m, height_sigmas_m: above the water, shape (N,).
        extra: own covariance from elsewhere (a fitted hull) that replaces the pixel part, shape (N, 2, 2), or None.
    """

    pixels: Array
    sigma_px: Array
    heights_m: Array
    height_sigmas_m: Array
    extra: Array | None = None


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
    absent = [_absence(cameras, places[:, i], visible[:, i]) for i in range(picked.pixels.shape[0])]
    degrees = _degrees(origin, places[0])
    return [
        absent[i] or _position(places[:, i], own[i], degrees[i] if degrees is not None else None)
        for i in range(picked.pixels.shape[0])
    ]


def _absence(cameras: Cameras, places: Array, visible: Mask) -> NoPosition | None:
    if not visible[0]:
        return NoPosition(reason=PositionAbsence.ABOVE_HORIZON)
    base = np.array([cameras.east_m[0], cameras.north_m[0]])
    range_m = float(np.hypot(*(places[0] - base)))
    if range_m > MAX_RANGE_M:
        return NoPosition(reason=PositionAbsence.TOO_FAR, detail=f"{range_m:.0f} m away, limit {MAX_RANGE_M:.0f} m")
    variants = [v for i in _SCALE_SOURCES for v in (1 + 2 * i, 2 + 2 * i)]
    if not visible[variants].all():
        return NoPosition(
            reason=PositionAbsence.TOO_FAR, detail=f"{range_m:.0f} m away; one standard error reaches the horizon"
        )
    spread = sum(float(np.sum(((places[1 + 2 * i] - places[2 + 2 * i]) / 2) ** 2)) for i in _SCALE_SOURCES) ** 0.5
    reach = float(np.hypot(range_m, cameras.height_m[0]))
    if spread > MAX_RELATIVE_ERROR * reach:
        return NoPosition(reason=PositionAbsence.TOO_FAR, detail=f"{range_m:.0f} m away, known to {spread:.0f} m")
    return None


def _own_covariances(cameras: Cameras, wave_height_m: float, picked: Picked, places: Array) -> Array:
    """Shape (N, 2, 2), m²."""
    nominal = cameras.nominal()
    if picked.extra is None:
        shifts = np.array([[_PROBE_PX, 0], [-_PROBE_PX, 0], [0, _PROBE_PX], [0, -_PROBE_PX]])
        probes = (picked.pixels[None] + shifts[:, None]).reshape(-1, 2)
        moved, seen = sea_from_image(nominal, probes, np.tile(picked.heights_m, 4))
        moved = np.where(seen[0][:, None], moved[0], np.tile(places, (4, 1))).reshape(4, -1, 2)
        jacobian = np.stack([(moved[0] - moved[1]), (moved[2] - moved[3])], axis=-1) / (2 * _PROBE_PX)
        own: Array = jacobian @ np.swapaxes(jacobian, 1, 2) * (picked.sigma_px**2)[:, None, None]
    else:
        own = picked.extra
    base = np.array([nominal.east_m[0], nominal.north_m[0]])
    rise = np.maximum(nominal.height_m[0] - picked.heights_m, 1e-3)
    slant = (places - base) / rise[:, None]
    sigma_z = np.hypot(wave_height_m / 4, picked.height_sigmas_m)
    waves: Array = slant[:, :, None] * slant[:, None, :] * (sigma_z**2)[:, None, None]
    return own + waves


def _position(places: Array, own: Array, degrees: tuple[float, float] | None) -> Position:
    offsets = (places[1:] - places[0]).tolist()
    shared = tuple(
        SharedTerm(
            source=source,
            plus=EastNorth(east_m=offsets[2 * i][0], north_m=offsets[2 * i][1]),
            minus=EastNorth(east_m=offsets[2 * i + 1][0], north_m=offsets[2 * i + 1][1]),
        )
        for i, source in enumerate(SOURCES)
    )
    return Position(
        east_m=float(places[0, 0]),
        north_m=float(places[0, 1]),
        latitude=degrees[0] if degrees else None,
        longitude=degrees[1] if degrees else None,
        shared=shared,
        own=Covariance2(east_east=float(own[0, 0]), east_north=float(own[0, 1]), north_north=float(own[1, 1])),
    )


def _degrees(origin: GeoOrigin | None, places: Array) -> Sequence[tuple[float, float]] | None:
    if origin is None:
        return None
    latitude, longitude, _ = pymap3d.enu2geodetic(
        places[:, 0], places[:, 1], np.zeros(places.shape[0]), origin.latitude, origin.longitude, 0.0
    )
    return list(zip(np.atleast_1d(latitude).tolist(), np.atleast_1d(longitude).tolist(), strict=True))
