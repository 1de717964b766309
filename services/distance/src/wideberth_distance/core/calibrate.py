"""Clues of a flight to its fit, and what each kind of clue was worth.

A horizon is refused where it disagrees with all the other horizons of the flight by more than four standard errors; a
known length or a coast point where the fit misses it by more than four.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pymap3d

from wideberth_contracts.clues import Calibration, ClueKind, ClueUse, CoastPoint, FlightClues, KnownLength
from wideberth_contracts.poses import GeoOrigin
from wideberth_contracts.wire import Measured
from wideberth_distance.core.clue_terms import (
    Clues,
    CoastTerm,
    HorizonTerm,
    LengthTerm,
    Values,
    horizon_above_px,
    length_on_sea_m,
)
from wideberth_distance.core.flight_fit import QUANTITIES, FlightFit, Prior, fit_flight
from wideberth_distance.core.projection import Array, Cameras, Mask, image_from_sea
from wideberth_distance.core.said import Said

SaidAt = Callable[[Array], tuple[Said, Mask]]
DISAGREES_SIGMA = 4.0
_SAME_MOMENT_S = 1e-3


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fit, and its account; None where there was no clue."""

    fit: FlightFit
    account: Calibration | None
    warnings: tuple[str, ...] = ()


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


def calibrate(flight: Flight, clues: FlightClues, *, waterline: bool = False) -> Fitted:
    """The fit of a flight.

    Args:
        flight: telemetry, table and their priors.
        clues: as found or typed.
        waterline: whether the level of the water is by a reading; told in the account.
    """
    moments = _moments(clues)
    _, known = flight.said_at(moments)
    usable = _usable(clues, moments[known])
    refused: dict[ClueKind, list[str]] = {}
    if (lost := len(moments) - int(known.sum())) > 0:
        refused[ClueKind.TELEMETRY] = [f"{lost} moments with a clue have no telemetry"]
    if usable.coast and flight.origin is None:
        refused[ClueKind.COAST_POINT] = ["coast points need the drone's GPS"]
        usable = usable.model_copy(update={"coast": ()})
    usable, strange = _without_strange_horizons(flight, usable)
    refused |= {ClueKind.HORIZON: strange} if strange else {}
    fit, terms, missed = _fit(flight, usable)
    kept, odd = _without_misfits(usable, terms, missed)
    if odd:
        refused |= odd
        usable = kept
        fit, terms, missed = _fit(flight, usable)
    warnings = tuple(f"{kind.value}: {text}" for kind, texts in refused.items() for text in texts)
    nothing = not (usable.horizons or usable.lengths or usable.coast)
    if nothing and (not waterline or flight.typical_s is None):
        return Fitted(fit, None, warnings)
    account = _account(flight, usable, fit, (terms, missed), refused, waterline=waterline)
    return Fitted(fit, account, warnings)


def _moments(clues: FlightClues) -> Array:
    times = [view.t_s for view in clues.horizons]
    times += [clue.t_s for clue in clues.lengths] + [point.t_s for point in clues.coast]
    return np.unique(np.round(np.array(times, dtype=np.float64) / _SAME_MOMENT_S) * _SAME_MOMENT_S)


def _usable(clues: FlightClues, moments: Array) -> FlightClues:
    def has(t_s: float) -> bool:
        return bool(moments.size) and float(np.abs(moments - t_s).min()) <= _SAME_MOMENT_S

    return FlightClues(
        horizons=tuple(clue for clue in clues.horizons if has(clue.t_s)),
        lengths=tuple(clue for clue in clues.lengths if has(clue.t_s)),
        coast=tuple(clue for clue in clues.coast if has(clue.t_s)),
    )


def _without_strange_horizons(flight: Flight, clues: FlightClues) -> tuple[FlightClues, list[str]]:
    """Leave-one-out: each horizon's pitch offset against what the others foretell."""
    horizons, reasons = list(clues.horizons), []
    while len(horizons) > 2:
        times = np.array([view.t_s for view in horizons])
        said, _ = flight.said_at(times)
        seen = np.array([(view.pitch_deg.value, view.pitch_deg.sigma) for view in horizons])
        spread = flight.prior.pitch.covariance(times, times) + np.diag(seen[:, 1] ** 2 + 1e-6)
        precision = np.linalg.inv(spread)
        apart = np.abs(precision @ (seen[:, 0] - said.pitch_deg)) / np.sqrt(np.diag(precision))
        worst = int(np.argmax(apart))
        if apart[worst] <= DISAGREES_SIGMA:
            break
        reasons.append(f"the horizon at {times[worst]:.1f} s disagrees with the others by {apart[worst]:.1f} sigma")
        del horizons[worst]
    return clues.model_copy(update={"horizons": tuple(horizons)}), reasons


def _without_misfits(clues: FlightClues, terms: Clues, missed: Array) -> tuple[FlightClues, dict[ClueKind, list[str]]]:
    first = 2 * len(terms.horizons)
    of_lengths = np.abs(missed[first : first + len(terms.lengths)])
    of_coast = np.hypot(*missed[first + len(terms.lengths) :].reshape(-1, 2).T)
    odd: dict[ClueKind, list[str]] = {}
    picked: list[tuple[ClueKind, Sequence[KnownLength | CoastPoint], Array]] = [
        (ClueKind.KNOWN_LENGTH, clues.lengths, of_lengths),
        (ClueKind.COAST_POINT, clues.coast, of_coast),
    ]
    for kind, clue_list, apart in picked:
        said = [
            f"{clue.source} at {clue.t_s:.1f} s misses the fit by {by:.1f} sigma"
            for clue, by in zip(clue_list, apart, strict=True)
            if by > DISAGREES_SIGMA
        ]
        odd |= {kind: said} if said else {}
    kept = clues.model_copy(
        update={
            "lengths": tuple(c for c, by in zip(clues.lengths, of_lengths, strict=True) if by <= DISAGREES_SIGMA),
            "coast": tuple(c for c, by in zip(clues.coast, of_coast, strict=True) if by <= DISAGREES_SIGMA),
        }
    )
    return kept, odd


def _fit(flight: Flight, clues: FlightClues) -> tuple[FlightFit, Clues, Array]:
    moments = _moments(clues)
    said, _ = flight.said_at(moments)
    terms = _terms(flight, clues, moments, said)
    fit, missed = fit_flight(flight.prior, said, terms)
    return fit, terms, missed


def _terms(flight: Flight, clues: FlightClues, moments: Array, said: Said) -> Clues:
    def row(t_s: float) -> int:
        return int(np.argmin(np.abs(moments - t_s)))

    things = sorted({(clue.source, clue.length_m.value, clue.length_m.sigma) for clue in clues.lengths})
    nominal = Values(
        poses=np.stack(
            [
                said.rise_m + flight.prior.level.above_water_m.value, said.pitch_deg, said.roll_deg, said.yaw_deg,
                said.focal_px, said.east_m, said.north_m,
            ],
            axis=1,
        ),
        dip_deg=0.0,
        log_lengths=np.zeros(0),
    )  # fmt: skip
    horizons = []
    for view in clues.horizons:
        focal, height, pitch = (np.array([v]) for v in (view.focal_px, view.height_m, view.pitch_deg.value))
        above = float(horizon_above_px(focal, height, pitch)[0])
        stretch = view.focal_px * (1 + (above / view.focal_px) ** 2)
        sigma = max(stretch * np.radians(view.pitch_deg.sigma), 0.05)
        roll = view.roll_deg
        horizons.append(HorizonTerm(row(view.t_s), above, float(sigma), roll.value, max(roll.sigma, 0.005)))
    lengths = []
    for clue in clues.lengths:
        ends = np.array([clue.bow_px, clue.stern_px], dtype=np.float64)
        thing = things.index((clue.source, clue.length_m.value, clue.length_m.sigma))
        sigma = _length_sigma(nominal, flight.centre_px, row(clue.t_s), ends, clue.sigma_px)
        lengths.append(LengthTerm(row(clue.t_s), thing, ends, float(np.log(clue.length_m.value)), sigma))
    coast = [
        CoastTerm(
            row(clue.t_s),
            place := _place(flight.origin, clue),
            np.array([clue.x_px, clue.y_px]),
            _whitener(nominal.camera(row(clue.t_s), flight.centre_px), place, clue),
        )
        for clue in clues.coast
        if flight.origin is not None
    ]
    return Clues(
        t_s=moments, centre_px=flight.centre_px, horizons=tuple(horizons), lengths=tuple(lengths), coast=tuple(coast),
        length_shares=np.array([sigma / value for _, value, sigma in things]),
    )  # fmt: skip


def _length_sigma(values: Values, centre_px: tuple[float, float], moment: int, ends: Array, sigma_px: float) -> float:
    """Error of the logarithm of a length by the picking of its ends, in any direction of the picture."""
    camera = values.camera(moment, centre_px)
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


def _place(origin: GeoOrigin, clue: CoastPoint) -> Array:
    east, north, _ = pymap3d.geodetic2enu(clue.latitude, clue.longitude, 0.0, origin.latitude, origin.longitude, 0.0)
    return np.array([float(east), float(north), 0.0])


def _whitener(camera: Cameras, place: Array, clue: CoastPoint) -> Array:
    """Of the picking and of the chart; of the picking alone where the place lies behind the camera as told."""
    around = place + np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]])
    seen = image_from_sea(camera, around[None])[0]
    if (seen[:, 2] <= 0).any():
        return np.eye(2) / clue.sigma_px
    jacobian = (seen[1:, :2] - seen[:1, :2]).T
    spread = clue.sigma_px**2 * np.eye(2) + clue.sigma_m**2 * jacobian @ jacobian.T
    return np.asarray(np.linalg.inv(np.linalg.cholesky(spread)))


def _account(
    flight: Flight,
    clues: FlightClues,
    fit: FlightFit,
    fitted: tuple[Clues, Array],
    refused: dict[ClueKind, list[str]],
    *,
    waterline: bool,
) -> Calibration:
    moments = _moments(clues)
    middle_s = float(moments[moments.size // 2]) if moments.size else flight.typical_s or 0.0
    said, _ = flight.said_at(np.array([middle_s]))
    values, spread = fit.corrected(said)
    sigma = np.sqrt(np.diagonal(spread[0]))
    level = flight.prior.level.above_water_m.value
    said_height = float(said.rise_m[0] + level)
    empty, _, _ = _fit(flight, FlightClues())
    _, before = empty.corrected(said)
    ratio = float(values[0, 0]) / said_height

    def offset(row: int, told: Array) -> Measured:
        return Measured(value=float(values[0, row] - told[0]), sigma=float(sigma[row]))

    return Calibration(
        height_ratio=Measured(value=ratio, sigma=float(sigma[0]) / said_height),
        height_m=Measured(value=float(values[0, 0]), sigma=float(sigma[0])),
        focal_ratio=Measured(value=float(np.exp(fit.values[2])), sigma=float(np.sqrt(fit.covariance[2, 2]))),
        pitch_offset_deg=offset(1, said.pitch_deg),
        roll_offset_deg=offset(2, said.roll_deg),
        pitch_drift_deg_per_sqrt_min=flight.prior.pitch.per_sqrt_minute(),
        prior_sigma=_named(np.sqrt(np.diagonal(before[0]))),
        clues=tuple(_uses(flight, clues, fitted, refused, said, waterline=waterline)),
    )


def _named(sigmas: Array) -> dict[str, float]:
    return {name: round(float(sigma), 6) for name, sigma in zip(QUANTITIES, sigmas, strict=True)}


def _uses(
    flight: Flight, clues: FlightClues, fitted: tuple[Clues, Array], refused: dict[ClueKind, list[str]], said: Said,
    *, waterline: bool,
) -> list[ClueUse]:  # fmt: skip
    terms, missed = fitted
    first, last = 2 * len(terms.horizons), 2 * len(terms.horizons) + len(terms.lengths)
    parts = {
        ClueKind.HORIZON: (len(clues.horizons), missed[:first], {"horizons": ()}),
        ClueKind.KNOWN_LENGTH: (len(clues.lengths), missed[first:last], {"lengths": ()}),
        ClueKind.COAST_POINT: (len(terms.coast), missed[last:], {"coast": ()}),
    }
    uses = []
    for kind, (used, apart, without) in parts.items():
        reasons = tuple(refused.get(kind, ()))
        if not used and not reasons:
            continue
        left, _, _ = _fit(flight, clues.model_copy(update=without))
        _, spread = left.corrected(said)
        rms = float(np.sqrt(np.mean(apart**2))) if apart.size else None
        uses.append(
            ClueUse(
                kind=kind, used=used, refused=len(reasons), misfit_sigma=rms, reasons=reasons,
                sigma_without=_named(np.sqrt(np.diagonal(spread[0]))),
            )
        )  # fmt: skip
    if waterline:
        uses.append(_waterline_use(flight, clues, said))
    return uses


def _waterline_use(flight: Flight, clues: FlightClues, said: Said) -> ClueUse:
    """What the reading at the water was worth: against a take-off nobody measured."""
    wide = flight.prior.level.above_water_m.model_copy(update={"sigma": float(np.hypot(1.0, 2.0))})
    level = replace(flight.prior.level, above_water_m=wide)
    left, _, _ = _fit(replace(flight, prior=replace(flight.prior, level=level)), clues)
    _, spread = left.corrected(said)
    return ClueUse(kind=ClueKind.WATERLINE_ZERO, used=1, sigma_without=_named(np.sqrt(np.diagonal(spread[0]))))
