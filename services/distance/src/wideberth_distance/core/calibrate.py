"""Clues of a flight to its fit, and what each kind of clue was worth.

A horizon is refused where it disagrees with all the other horizons of the flight by more than four standard errors; a
known length or a coast point where the fit misses it by more than four.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wideberth_contracts.clues import Calibration, ClueKind, CoastPoint, FlightClues, KnownLength
from wideberth_distance.core.calibration_account import Weighed, account_of
from wideberth_distance.core.clue_terms import Clues
from wideberth_distance.core.flight_clues import SAME_MOMENT_S, Flight, fit_clues, moments_of
from wideberth_distance.core.flight_fit import FlightFit
from wideberth_distance.core.projection import Array

DISAGREES_SIGMA = 4.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fit, and its account; None where there was no clue."""

    fit: FlightFit
    account: Calibration | None
    warnings: tuple[str, ...] = ()


def calibrate(flight: Flight, clues: FlightClues, *, waterline: bool = False) -> Fitted:
    """The fit of a flight.

    Args:
        flight: telemetry, table and their priors.
        clues: as found or typed.
        waterline: whether the level of the water is by a reading; told in the account.
    """
    moments = moments_of(clues)
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
    weighed = Weighed(usable, *fit_clues(flight, usable))
    kept, odd = _without_misfits(usable, weighed.terms, weighed.missed)
    if odd:
        refused |= odd
        weighed = Weighed(kept, *fit_clues(flight, kept))
    warnings = tuple(f"{kind.value}: {text}" for kind, texts in refused.items() for text in texts)
    nothing = not (weighed.clues.horizons or weighed.clues.lengths or weighed.clues.coast)
    if nothing and (not waterline or flight.typical_s is None):
        return Fitted(weighed.fit, None, warnings)
    return Fitted(weighed.fit, account_of(flight, weighed, refused, waterline=waterline), warnings)


def _usable(clues: FlightClues, moments: Array) -> FlightClues:
    def has(t_s: float) -> bool:
        return bool(moments.size) and float(np.abs(moments - t_s).min()) <= SAME_MOMENT_S

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
