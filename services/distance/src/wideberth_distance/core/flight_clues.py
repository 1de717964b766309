"""What a person or the horizon finder tells of a flight, as terms of its fit: pixels, places and their errors.

A known length weighs by how well its two ends were picked, a coast point by its picking and its chart.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pymap3d

from wideberth_contracts.clues import CoastPoint, FlightClues, HorizonView, KnownLength
from wideberth_contracts.poses import GeoOrigin
from wideberth_distance.core.clue_terms import (
    Clues,
    CoastTerm,
    HorizonTerm,
    LengthTerm,
    Values,
    horizon_above_px,
    length_on_sea_m,
)
from wideberth_distance.core.flight_fit import FlightFit, Prior, fit_flight
from wideberth_distance.core.projection import Array, Cameras, Mask, image_from_sea
from wideberth_distance.core.said import Said

SaidAt = Callable[[Array], tuple[Said, Mask]]
SAME_MOMENT_S = 1e-3


@dataclass(frozen=True, slots=True)
class Flight:
    """What a fit starts from.

    Attributes:
        said_at: telemetry at any moments, and where it is known.
        centre_px: principal point.
        origin: where east and north are counted from; coast points need it.
        typical_s: a moment at which telemetry says enough.
    """

    prior: Prior
    said_at: SaidAt
    centre_px: tuple[float, float]
    origin: GeoOrigin | None
    typical_s: float | None = None


def moments_of(clues: FlightClues) -> Array:
    """Moments that have a clue, rising, s, shape (K,)."""
    times = [view.t_s for view in clues.horizons]
    times += [clue.t_s for clue in clues.lengths] + [point.t_s for point in clues.coast]
    return np.unique(np.round(np.array(times, dtype=np.float64) / SAME_MOMENT_S) * SAME_MOMENT_S)


def fit_clues(flight: Flight, clues: FlightClues) -> tuple[FlightFit, Clues, Array]:
    """The fit, its terms, and each term's misfit in standard errors."""
    moments = moments_of(clues)
    said, _ = flight.said_at(moments)
    terms = terms_of(flight, clues, moments, said)
    fit, missed = fit_flight(flight.prior, said, terms)
    return fit, terms, missed


def terms_of(flight: Flight, clues: FlightClues, moments: Array, said: Said) -> Clues:
    """All clues as terms; `said` is what telemetry says at `moments`. Coast points only where there is an origin."""

    def row(t_s: float) -> int:
        return int(np.argmin(np.abs(moments - t_s)))

    nominal, centre_px = _nominal(flight, said), flight.centre_px
    things = sorted({_thing(clue) for clue in clues.lengths})
    lengths = tuple(
        _length_term(nominal, centre_px, row(clue.t_s), things.index(_thing(clue)), clue) for clue in clues.lengths
    )
    coast = tuple(
        _coast_term(nominal, centre_px, row(clue.t_s), flight.origin, clue)
        for clue in clues.coast
        if flight.origin is not None
    )
    return Clues(
        t_s=moments,
        centre_px=centre_px,
        horizons=tuple(_horizon_term(row(view.t_s), view) for view in clues.horizons),
        lengths=lengths,
        coast=coast,
        length_shares=np.array([sigma / value for _, value, sigma in things]),
    )


def _thing(clue: KnownLength) -> tuple[str, float, float]:
    """Sightings with the same name and length are of one thing, whose length errs once."""
    return clue.source, clue.length_m.value, clue.length_m.sigma


def _nominal(flight: Flight, said: Said) -> Values:
    height = said.rise_m + flight.prior.level.above_water_m.value
    poses = (height, said.pitch_deg, said.roll_deg, said.yaw_deg, said.focal_px, said.east_m, said.north_m)
    return Values(poses=np.stack(poses, axis=1), dip_deg=0.0, log_lengths=np.zeros(0))


def _horizon_term(moment: int, view: HorizonView) -> HorizonTerm:
    focal, height, pitch = (np.array([v]) for v in (view.focal_px, view.height_m, view.pitch_deg.value))
    above = float(horizon_above_px(focal, height, pitch)[0])
    stretch = view.focal_px * (1 + (above / view.focal_px) ** 2)
    sigma = max(stretch * np.radians(view.pitch_deg.sigma), 0.05)
    return HorizonTerm(moment, above, float(sigma), view.roll_deg.value, max(view.roll_deg.sigma, 0.005))


def _length_term(
    nominal: Values, centre_px: tuple[float, float], moment: int, thing: int, clue: KnownLength
) -> LengthTerm:
    ends = np.array([clue.bow_px, clue.stern_px], dtype=np.float64)
    sigma = _length_sigma(nominal.camera(moment, centre_px), ends, clue.sigma_px)
    return LengthTerm(moment, thing, ends, float(np.log(clue.length_m.value)), sigma)


def _coast_term(
    nominal: Values, centre_px: tuple[float, float], moment: int, origin: GeoOrigin, clue: CoastPoint
) -> CoastTerm:
    east, north, _ = pymap3d.geodetic2enu(clue.latitude, clue.longitude, 0.0, origin.latitude, origin.longitude, 0.0)
    place = np.array([float(east), float(north), 0.0])
    whiten = _whitener(nominal.camera(moment, centre_px), place, clue)
    return CoastTerm(moment, place, np.array([clue.x_px, clue.y_px]), whiten)


def _length_sigma(camera: Cameras, ends: Array, sigma_px: float) -> float:
    """Error of the logarithm of a length by the picking of its ends, in any direction of the picture."""
    found = length_on_sea_m(camera, ends)
    if found is None:
        return 1.0
    total = 0.0
    for end in range(2):
        for axis in range(2):
            moved = ends.copy()
            moved[end, axis] += sigma_px
            again = length_on_sea_m(camera, moved)
            total += 1.0 if again is None else float(np.log(again / found)) ** 2
    return float(np.sqrt(max(total, 1e-8)))


def _whitener(camera: Cameras, place: Array, clue: CoastPoint) -> Array:
    """Of the picking and of the chart; of the picking alone where the place lies behind the camera as told."""
    around = place + np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]])
    seen = image_from_sea(camera, around[None])[0]
    if (seen[:, 2] <= 0).any():
        return np.eye(2) / clue.sigma_px
    jacobian = (seen[1:, :2] - seen[:1, :2]).T
    spread = clue.sigma_px**2 * np.eye(2) + clue.sigma_m**2 * jacobian @ jacobian.T
    return np.asarray(np.linalg.inv(np.linalg.cholesky(spread)))
