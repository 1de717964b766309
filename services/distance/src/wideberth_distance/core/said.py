"""What telemetry and camera table say at some moments, as arrays: the start of every pose."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wideberth_contracts.poses import FlightContext
from wideberth_contracts.wire import Measured
from wideberth_distance.core.priors import (
    HEIGHT_FLOOR_M,
    STANDARD_TEMPERATURE_K,
    UNKNOWN_TAKEOFF,
    ZERO_CELSIUS_K,
)
from wideberth_distance.core.projection import Array


@dataclass(frozen=True, slots=True)
class Said:
    """N moments, shape (N,) each.

    Attributes:
        rise_m: above take-off, the temperature accounted for.
        focal_px: for a picture `width_px` wide.
    """

    t_s: Array
    rise_m: Array
    pitch_deg: Array
    roll_deg: Array
    yaw_deg: Array
    focal_px: Array
    east_m: Array
    north_m: Array

    def at(self, rows: npt.NDArray[np.intp]) -> "Said":
        """Some of the moments, by index."""
        return Said(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Level:
    """Height above the water = rise above take-off + `above_water_m`, whose error is constant in the flight."""

    above_water_m: Measured

    @staticmethod
    def of(context: FlightContext) -> "Level":
        """By a reading at the waterline, or by take-off less tide.

        The barometer's own metre (it was never level with the water) goes with the take-off; a reading at the water
        holds it already.
        """
        if context.waterline_reading_m is not None:
            read = context.waterline_reading_m
            return Level(Measured(value=-read.value * temperature_ratio(context), sigma=read.sigma))
        takeoff = context.takeoff_above_sea_m or UNKNOWN_TAKEOFF
        tide = context.tide_m or Measured(value=0.0, sigma=0.0)
        sigma = float(np.sqrt(HEIGHT_FLOOR_M**2 + takeoff.sigma**2 + tide.sigma**2))
        return Level(Measured(value=takeoff.value - tide.value, sigma=sigma))


def temperature_ratio(context: FlightContext) -> float:
    """True over indicated height of a barometer that takes the air to be 15 degrees: T / 288.15 K."""
    air = context.air_temperature_c
    return 1.0 if air is None else (air.value + ZERO_CELSIUS_K) / STANDARD_TEMPERATURE_K
