"""The tide of a flight: from the station or table a person gave, at the time and place the telemetry tells.

A tide read 30 km away is another tide, so a station further off is refused. Within that the error grows by 1 % of the
tide's root mean square a kilometre: a choice of caution, not a measurement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from wideberth_contracts.errors import BadInput
from wideberth_contracts.poses import FlightContext, TelemetryPoint, TelemetryRecord
from wideberth_contracts.tides import TideStation, TideTable
from wideberth_contracts.wire import Measured
from wideberth_distance.core.tide_level import TideLevel, by_constituents, by_table

FARTHEST_STATION_KM = 30.0
SHARE_PER_KM = 0.01
_KM_PER_DEGREE = 111.195
Place = tuple[float, float]
"""Latitude and longitude."""


@dataclass(frozen=True, slots=True)
class Tide:
    """Level above mean sea level, with its error, and a line that says where it comes from."""

    level_m: Measured
    said: str


def with_tide(context: FlightContext, record: TelemetryRecord) -> tuple[FlightContext, tuple[str, ...]]:
    """The context with `tide_m` filled in from its stations or table, and what was done, for the warnings.

    Raises:
        BadInput: two sources of tide at once; no time in the telemetry; too far from the station; outside the table.
    """
    if not context.tide_stations and context.tide_table is None:
        return context, ()
    if context.waterline_reading_m is not None:
        return context, ("the tide is not used: the reading at the waterline holds it already",)
    if len([given for given in (context.tide_m, context.tide_stations or None, context.tide_table) if given]) > 1:
        raise BadInput("the tide is given twice", where="flight context", remedy="give tide_m, a station or a table")
    found = tide_at(context.tide_stations, context.tide_table, moments_of(record), place_of(record))
    notes: tuple[str, ...] = (found.said,)
    if context.takeoff_above_sea_m is None:
        notes += ("a tide helps little without the take-off's height above mean sea level: give takeoff_above_sea_m",)
    return context.model_copy(update={"tide_m": found.level_m, "tide_stations": (), "tide_table": None}), notes


def tide_at(
    stations: tuple[TideStation, ...], table: TideTable | None, moments: list[datetime], place: Place | None
) -> Tide:
    """The tide by the nearest station, or by the table.

    Args:
        moments: One or more times of the flight; the middle one counts, and how far the level moves is error.
        place: Where the drone was, or None where nothing says it.

    Raises:
        BadInput: as `with_tide`.
    """
    moments = [moment.astimezone(UTC) for moment in moments]
    if table is not None:
        near = None if table.latitude is None or table.longitude is None else (table.latitude, table.longitude)
        kind = "observed" if table.observed else "predicted"
        return _tide(f"{kind} table {table.name}", near, place, moments, lambda: by_table(table, moments))
    station = _nearest(stations, place)
    names = " ".join(each.name for each in station.constituents)
    return _tide(
        f"{station.name} ({names})", (station.latitude, station.longitude), place, moments,
        lambda: by_constituents(station, moments),
    )  # fmt: skip


def _tide(
    name: str, gauge: Place | None, place: Place | None, moments: list[datetime], levels: Callable[[], list[TideLevel]]
) -> Tide:
    away_km = None if gauge is None or place is None else distance_km(gauge, place)
    if away_km is not None and away_km > FARTHEST_STATION_KM:
        raise BadInput(
            f"the flight was {away_km:.1f} km from tide station {name}; more than {FARTHEST_STATION_KM:.0f} km is "
            "another tide",
            where="flight context",
            remedy="give a nearer station, type the tide (tide_m), or read the height at the waterline",
        )
    found = levels()
    middle = found[len(found) // 2]
    values = [each.level_m.value for each in found]
    # Nothing says how far: as if at the farthest.
    far_m = SHARE_PER_KM * (FARTHEST_STATION_KM if away_km is None else away_km) * middle.swing_m
    moved_m = (max(values) - min(values)) / 12**0.5
    sigma = float(np.sqrt(middle.level_m.sigma**2 + far_m**2 + moved_m**2))
    where = f"{away_km:.0f} km away" if away_km is not None else "how far away nothing says, the error widened for it"
    level = Measured(value=middle.level_m.value, sigma=sigma)
    at = moments[len(moments) // 2]
    return Tide(
        level,
        f"tide {level.value:+.2f} ± {sigma:.2f} m above mean sea level at {at:%Y-%m-%d %H:%M} UTC by {name}, {where}",
    )


def moments_of(record: TelemetryRecord) -> list[datetime]:
    """First, middle and last time of the telemetry's clock.

    Raises:
        BadInput: it tells no time.
    """
    timed = [point.captured_at for point in record.points if point.captured_at is not None]
    if not timed:
        raise BadInput(
            "it tells no time, so the tide cannot be looked up",
            where=record.file,
            remedy="type the tide (tide_m, --tide-m 0.8±0.2), or give the flight log, which has the time",
        )
    return [timed[0], timed[len(timed) // 2], timed[-1]]


def place_of(record: TelemetryRecord) -> Place | None:
    """The first position fix."""
    return next((place for point in record.points if (place := _fix(point)) is not None), None)


def _fix(point: TelemetryPoint) -> Place | None:
    return None if point.latitude is None or point.longitude is None else (point.latitude, point.longitude)


def _nearest(stations: tuple[TideStation, ...], place: Place | None) -> TideStation:
    if place is None:
        if len(stations) == 1:
            return stations[0]
        raise BadInput(
            f"{len(stations)} tide stations and no position in the telemetry to choose by",
            where="flight context",
            remedy="give a file with the one station near the flight",
        )
    return min(stations, key=lambda station: distance_km((station.latitude, station.longitude), place))


def distance_km(a: Place, b: Place) -> float:
    """Between two places, by the chord of a sphere: within 0.5 %."""
    north, east = b[0] - a[0], (b[1] - a[1] + 180) % 360 - 180
    half = np.sin(np.radians(north) / 2) ** 2 + (
        np.cos(np.radians(a[0])) * np.cos(np.radians(b[0])) * np.sin(np.radians(east) / 2) ** 2
    )
    return float(np.degrees(2 * np.arcsin(np.sqrt(half))) * _KM_PER_DEGREE)
