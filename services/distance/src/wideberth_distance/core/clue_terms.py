"""Clues as terms of the likelihood: what each misses the cameras by, in its own standard errors.

- Horizon: the line lies f tan(e) px above the axis, e = -(dip(h) + dip error) - pitch. Compared in pixels, so that a
  longer lens asks for another pitch. The roll is compared as it is.
- Known length: both ends on the sea; the logarithm of their distance. Its error is one unknown for all
  sightings of a thing.
- Coast point: its picture against where it was picked.
"""

from dataclasses import dataclass, field

import numpy as np

from wideberth_distance.core.projection import (
    CURVATURE_PER_M,
    Array,
    Cameras,
    camera_from_world,
    image_from_sea,
    sea_from_image,
)

_UNSEEN = 20.0
"""Misfit of a clue that a trial camera does not see at all."""


@dataclass(frozen=True, slots=True)
class Values:
    """Cameras at K moments, (K, 7) in the order height, pitch, roll, yaw, focal, east, north; and what clues share."""

    poses: Array
    dip_deg: float
    log_lengths: Array

    def camera(self, moment: int, centre_px: tuple[float, float]) -> Cameras:
        """One of them."""
        height, pitch, roll, yaw, focal, east, north = (self.poses[moment : moment + 1, i] for i in range(7))
        return Cameras(east, north, height, focal, camera_from_world(yaw, pitch, roll), centre_px)


@dataclass(frozen=True, slots=True)
class HorizonTerm:
    """A horizon at a moment: px above the axis, and the roll, each with its error."""

    moment: int
    above_px: float
    sigma_px: float
    roll_deg: float
    roll_sigma_deg: float


@dataclass(frozen=True, slots=True)
class LengthTerm:
    """Both ends of thing number `thing`, pixels (2, 2), and the error of the logarithm of their distance."""

    moment: int
    thing: int
    ends_px: Array
    log_length: float
    sigma: float


@dataclass(frozen=True, slots=True)
class CoastTerm:
    """A point of the shore: place (3,), pixel (2,), and the matrix that whitens a pixel error, (2, 2)."""

    moment: int
    place_m: Array
    pixel: Array
    whiten: Array


@dataclass(frozen=True, slots=True)
class Clues:
    """All terms of a flight.

    Attributes:
        t_s: moments that have a clue, rising, shape (K,).
        length_shares: relative error of each known thing's length, shape (J,).
        centre_px: principal point.
    """

    t_s: Array
    centre_px: tuple[float, float]
    horizons: tuple[HorizonTerm, ...] = ()
    lengths: tuple[LengthTerm, ...] = ()
    coast: tuple[CoastTerm, ...] = ()
    length_shares: Array = field(default_factory=lambda: np.zeros(0))


def horizon_above_px(focal_px: Array, height_m: Array, pitch_deg: Array, dip_error_deg: float = 0.0) -> Array:
    """How far above the axis the horizon lies, px, negative when below."""
    dip = np.degrees(np.arctan(np.sqrt(2 * np.maximum(height_m, 0.1) * CURVATURE_PER_M)))
    return np.asarray(focal_px * np.tan(np.radians(-(dip + dip_error_deg) - pitch_deg)))


def misfits(values: Values, clues: Clues) -> Array:
    """Of all terms in order: horizons (line, roll), lengths, coast points (x, y)."""
    parts = [_horizon_misfits(values, clues)]
    parts += [np.array([_length_misfit(values, clues, term)]) for term in clues.lengths]
    parts += [_coast_misfit(values, clues, term) for term in clues.coast]
    return np.concatenate(parts)


def _horizon_misfits(values: Values, clues: Clues) -> Array:
    if not clues.horizons:
        return np.zeros(0)
    rows = np.array([term.moment for term in clues.horizons])
    said = np.array([(t.above_px, t.sigma_px, t.roll_deg, t.roll_sigma_deg) for t in clues.horizons]).T
    poses = values.poses[rows]
    above = horizon_above_px(poses[:, 4], poses[:, 0], poses[:, 1], values.dip_deg)
    line, roll = (above - said[0]) / said[1], (poses[:, 2] - said[2]) / said[3]
    return np.stack([line, roll], axis=1).ravel()


def length_on_sea_m(camera: Cameras, ends_px: Array) -> float | None:
    """Distance of two picked points on the sea; None where one lies above the horizon."""
    places, seen = sea_from_image(camera, ends_px, np.zeros(2))
    return float(np.hypot(*(places[0, 0] - places[0, 1]))) if bool(seen.all()) else None


def _length_misfit(values: Values, clues: Clues, term: LengthTerm) -> float:
    found = length_on_sea_m(values.camera(term.moment, clues.centre_px), term.ends_px)
    if found is None or found <= 0:
        return _UNSEEN
    return float((np.log(found) - term.log_length - values.log_lengths[term.thing]) / term.sigma)


def _coast_misfit(values: Values, clues: Clues, term: CoastTerm) -> Array:
    seen = image_from_sea(values.camera(term.moment, clues.centre_px), term.place_m[None, None])[0, 0]
    if seen[2] <= 0:
        return np.full(2, _UNSEEN)
    return np.asarray(np.clip(term.whiten @ (seen[:2] - term.pixel), -1e3, 1e3))
