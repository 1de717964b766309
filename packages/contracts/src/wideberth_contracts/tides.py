"""Where the level of the sea comes from: constants of a tide station, or a table of levels at a gauge."""

from typing import Annotated

from pydantic import Field, model_validator

from wideberth_contracts.wire import Latitude, Longitude, Measured, NonNegative, UtcDatetime, Wire

MOST_TABLE_ROWS = 20_000
"""Two weeks at one a minute, two years at one an hour."""


class TidalConstituent(Wire):
    """One harmonic constant. `name` as utide writes it (M2, S2, K1, O1, N2 …)."""

    name: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,5}$")]
    amplitude_m: NonNegative
    phase_deg: float


class TideStation(Wire):
    """Harmonic constants of one station; they give levels above its mean sea level.

    Attributes:
        phase_zone_h: offset from UTC of the clock that the phases count by: 0 Greenwich, 9 Korean time.
        residual_sigma_m: what the constants miss, where somebody measured it against a gauge.
        source: who published the numbers, and where.
    """

    name: Annotated[str, Field(min_length=1)]
    latitude: Latitude
    longitude: Longitude
    constituents: Annotated[tuple[TidalConstituent, ...], Field(min_length=1)]
    phase_zone_h: Annotated[float, Field(ge=-12, le=14)]
    residual_sigma_m: NonNegative | None = None
    source: Annotated[str, Field(min_length=1)]


class TideTable(Wire):
    """Levels at a gauge, predicted or observed.

    Attributes:
        levels_m: above the gauge's own datum, one for each of `times`, which go up.
        msl_above_datum_m: mean sea level above that datum.
        observed: what the gauge read, weather and all; else a prediction.
    """

    name: str
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    times: Annotated[tuple[UtcDatetime, ...], Field(min_length=2, max_length=MOST_TABLE_ROWS)]
    levels_m: tuple[float, ...]
    msl_above_datum_m: Measured
    observed: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> "TideTable":
        if len(self.times) != len(self.levels_m):
            raise ValueError("one level for each time")
        if any(later <= earlier for earlier, later in zip(self.times, self.times[1:], strict=False)):
            raise ValueError("times go up")
        return self
