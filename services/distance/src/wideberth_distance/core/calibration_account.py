"""The account of a fit: what the flight turned out to be, and what each kind of clue was worth.

The worth of a kind is the standard errors of the pose at the middle clue's moment, fitted again without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from wideberth_contracts.clues import Calibration, ClueKind, ClueUse, FlightClues
from wideberth_contracts.wire import Measured
from wideberth_distance.core.clue_terms import Clues
from wideberth_distance.core.flight_clues import Flight, fit_clues, moments_of
from wideberth_distance.core.flight_fit import QUANTITIES, FlightFit
from wideberth_distance.core.priors import HEIGHT_FLOOR_M, UNKNOWN_TAKEOFF
from wideberth_distance.core.projection import Array
from wideberth_distance.core.said import Said

Refused = Mapping[ClueKind, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A fit with the clues in it, its terms and their misfits."""

    clues: FlightClues
    fit: FlightFit
    terms: Clues
    missed: Array


def account_of(flight: Flight, weighed: Weighed, refused: Refused, *, waterline: bool) -> Calibration:
    """The account.

    Args:
        flight: as fitted.
        weighed: the clues that were kept.
        refused: reasons, by kind.
        waterline: whether the level of the water is by a reading at it.
    """
    moments = moments_of(weighed.clues)
    middle_s = float(moments[moments.size // 2]) if moments.size else flight.typical_s or 0.0
    said, _ = flight.said_at(np.array([middle_s]))
    values, spread = weighed.fit.corrected(said)
    sigma = np.sqrt(np.diagonal(spread[0]))
    said_height = float(said.rise_m[0] + flight.prior.level.above_water_m.value)
    empty, _, _ = fit_clues(flight, FlightClues())

    def offset(row: int, told: Array) -> Measured:
        return Measured(value=float(values[0, row] - told[0]), sigma=float(sigma[row]))

    focal = Measured(value=float(np.exp(weighed.fit.values[2])), sigma=float(np.sqrt(weighed.fit.covariance[2, 2])))
    return Calibration(
        height_ratio=Measured(value=float(values[0, 0]) / said_height, sigma=float(sigma[0]) / said_height),
        height_m=Measured(value=float(values[0, 0]), sigma=float(sigma[0])),
        focal_ratio=focal,
        pitch_offset_deg=offset(1, said.pitch_deg),
        roll_offset_deg=offset(2, said.roll_deg),
        pitch_drift_deg_per_sqrt_min=flight.prior.pitch.per_sqrt_minute(),
        prior_sigma=_sigmas(empty, said),
        clues=tuple(_uses(flight, weighed, refused, said, waterline=waterline)),
    )


def _sigmas(fit: FlightFit, said: Said) -> dict[str, float]:
    """Standard errors of a pose by name."""
    _, spread = fit.corrected(said)
    sigmas = np.sqrt(np.diagonal(spread[0]))
    return {name: round(float(sigma), 6) for name, sigma in zip(QUANTITIES, sigmas, strict=True)}


def _uses(flight: Flight, weighed: Weighed, refused: Refused, said: Said, *, waterline: bool) -> list[ClueUse]:
    clues, terms, missed = weighed.clues, weighed.terms, weighed.missed
    first, last = 2 * len(terms.horizons), 2 * len(terms.horizons) + len(terms.lengths)
    parts = {
        ClueKind.HORIZON: (len(clues.horizons), missed[:first], "horizons"),
        ClueKind.KNOWN_LENGTH: (len(clues.lengths), missed[first:last], "lengths"),
        ClueKind.COAST_POINT: (len(terms.coast), missed[last:], "coast"),
    }
    uses = []
    for kind, (used, apart, field) in parts.items():
        reasons = tuple(refused.get(kind, ()))
        if not used and not reasons:
            continue
        left, _, _ = fit_clues(flight, clues.model_copy(update={field: ()}))
        uses.append(
            ClueUse(
                kind=kind,
                used=used,
                refused=len(reasons),
                misfit_sigma=float(np.sqrt(np.mean(apart**2))) if apart.size else None,
                reasons=reasons,
                sigma_without=_sigmas(left, said),
            )
        )
    return [*uses, _waterline_use(flight, clues, said)] if waterline else uses


def _waterline_use(flight: Flight, clues: FlightClues, said: Said) -> ClueUse:
    """What the reading at the water was worth: against a take-off nobody measured."""
    sigma = float(np.hypot(HEIGHT_FLOOR_M, UNKNOWN_TAKEOFF.sigma))
    wide = flight.prior.level.above_water_m.model_copy(update={"sigma": sigma})
    level = replace(flight.prior.level, above_water_m=wide)
    left, _, _ = fit_clues(replace(flight, prior=replace(flight.prior, level=level)), clues)
    return ClueUse(kind=ClueKind.WATERLINE_ZERO, used=1, sigma_without=_sigmas(left, said))
