"""The level of the tide above mean sea level at a moment, with its error: from constituents, or from a table.

Constituents go through utide: a dummy series is solved once for its arguments and nodal corrections, then amplitude and
Greenwich phase are overwritten with the published ones. Phases by another clock are moved: G = g - speed · zone.

What four constituents leave out is put at what the equilibrium tide gives the next ones (N2 0.19 of M2, K2 0.27 of S2,
P1 0.33 of K1, Q1 0.19 of O1; Pugh 1987, table 4:1), a sine of amplitude A counting A²/2, and at 0.15 m of weather.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from wideberth_contracts.errors import BadInput
from wideberth_contracts.tides import TideStation, TideTable
from wideberth_contracts.wire import Measured

WEATHER_SIGMA_M = 0.15
"""Pressure, wind and season, which no prediction holds (geometry notes, section 7: 0.15 to 0.3 m in all)."""
GAUGE_SIGMA_M = 0.05
NEXT_OF = {"M2": ("N2", 0.19), "S2": ("K2", 0.27), "K1": ("P1", 0.33), "O1": ("Q1", 0.19)}
LONGEST_STEP_H = 1.25
"""Between two rows of a table. Hourly is fine, high and low water only is not."""
BEND_M_PER_H2 = 0.03
"""How far a tide of 1 m amplitude bows from the chord of one hour: A ω² / 8."""
_DUMMY_DAYS = 60


@dataclass(frozen=True, slots=True)
class TideLevel:
    """Metres above mean sea level at the place of the gauge, and the root mean square of its tide."""

    level_m: Measured
    swing_m: float


def by_constituents(station: TideStation, moments: list[datetime]) -> list[TideLevel]:
    """The tide at some moments of one flight (within days of each other).

    Raises:
        BadInput: a constituent that utide does not know, or one named twice.
    """
    names = tuple(each.name for each in station.constituents)
    if len(set(names)) < len(names):
        raise BadInput("a constituent stands there twice", where=station.name, remedy="keep one row for each name")
    levels = _reconstructed(station, names, moments)
    spread = Measured(value=0.0, sigma=_left_out_m(station))
    swing = float(np.sqrt(sum(each.amplitude_m**2 for each in station.constituents) / 2))
    return [TideLevel(Measured(value=float(level), sigma=spread.sigma), swing) for level in levels]


def _left_out_m(station: TideStation) -> float:
    if station.residual_sigma_m is not None:
        return station.residual_sigma_m
    size = {each.name: each.amplitude_m for each in station.constituents}
    missing = [
        size[name] * share for name, (next_one, share) in NEXT_OF.items() if name in size and next_one not in size
    ]
    # A principal constituent that is not there at all is taken as large as what is: nobody knows.
    absent = [max(size.values()) / 2 for name in NEXT_OF if name not in size]
    return float(np.sqrt(WEATHER_SIGMA_M**2 + sum(amplitude**2 for amplitude in (*missing, *absent)) / 2))


def _reconstructed(station: TideStation, names: tuple[str, ...], moments: list[datetime]) -> npt.NDArray[np.float64]:
    from utide import reconstruct  # it takes a second to import

    shape = _solved(names, station)
    order = [names.index(str(name)) for name in shape["name"]]
    constants = [station.constituents[index] for index in order]
    speed_deg_per_h = 360.0 * np.asarray(shape["aux"]["frq"])
    greenwich = [each.phase_deg for each in constants] - speed_deg_per_h * station.phase_zone_h
    times = np.array([moment.astimezone(UTC).replace(tzinfo=None) for moment in moments], dtype="datetime64[us]")
    coefficients = {**shape, "A": np.array([each.amplitude_m for each in constants]), "g": greenwich, "mean": 0.0}
    level: npt.NDArray[np.float64] = np.asarray(reconstruct(times, coefficients, verbose=False, min_SNR=0)["h"])
    return level


def _solved(names: tuple[str, ...], station: TideStation) -> dict[str, Any]:
    try:
        return _dummy(names, round(station.latitude, 1))
    except KeyError as error:
        raise BadInput(
            f"constituent {error} is none that utide knows",
            where=f"tide station {station.name}",
            remedy="write the names as M2, S2, K1, O1, N2, K2, P1, Q1 …",
        ) from error


@lru_cache(maxsize=32)
def _dummy(names: tuple[str, ...], latitude: float) -> dict[str, Any]:
    from utide import solve
    from utide._ut_constants import ut_constants

    known = set(ut_constants.const.name)
    for name in names:
        if name not in known:
            raise KeyError(name)
    hours = np.arange(24 * _DUMMY_DAYS)
    times = np.datetime64("2026-01-01T00:00") + hours * np.timedelta64(1, "h")
    solved: dict[str, Any] = dict(
        solve(
            times, np.cos(hours / 2), lat=latitude, constit=list(names), nodal=True, trend=False, method="ols",
            conf_int="none", Rayleigh_min=0.0, verbose=False,
        )
    )  # fmt: skip
    return solved


def by_table(table: TideTable, moments: list[datetime]) -> list[TideLevel]:
    """The tide at some moments, straight between the rows on either side.

    Raises:
        BadInput: a moment before the first or after the last row, or in a gap.
    """
    seconds = np.array([time.timestamp() for time in table.times])
    levels = np.array(table.levels_m)
    swing = float(np.std(levels))
    own = GAUGE_SIGMA_M if table.observed else WEATHER_SIGMA_M
    return [TideLevel(_between(table, seconds, levels, moment, own), swing) for moment in moments]


def _between(
    table: TideTable, seconds: npt.NDArray[np.float64], levels: npt.NDArray[np.float64], moment: datetime, own_m: float
) -> Measured:
    at = moment.timestamp()
    after = int(np.searchsorted(seconds, at))
    if at < seconds[0] or at > seconds[-1]:
        raise BadInput(
            f"the flight was at {moment:%Y-%m-%d %H:%M} UTC, the table runs from {table.times[0]:%Y-%m-%d %H:%M} to "
            f"{table.times[-1]:%Y-%m-%d %H:%M} UTC",
            where=f"tide table {table.name}",
            remedy="download the day of the flight, and check utc_offset_h of telemetry and table",
        )
    after = max(after, 1)
    step_h = float(seconds[after] - seconds[after - 1]) / 3600
    if step_h > LONGEST_STEP_H:
        raise BadInput(
            f"{step_h:.1f} h between its rows at {moment:%Y-%m-%d %H:%M} UTC",
            where=f"tide table {table.name}",
            remedy="give a table by the hour or finer, not high and low water alone",
        )
    level = float(np.interp(at, seconds, levels)) - table.msl_above_datum_m.value
    sigma = np.sqrt(own_m**2 + table.msl_above_datum_m.sigma**2 + (BEND_M_PER_H2 * step_h**2) ** 2)
    return Measured(value=level, sigma=float(sigma))
