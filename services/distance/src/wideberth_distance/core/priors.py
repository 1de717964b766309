"""What is believed of a flight before any clue, with where each number comes from (geometry notes, sections 4, 5, 9).

- Height: 1 m and 4 % of the height above take-off, constant within a flight, heavy tails (Student-t, nu = 4); 0.6 m
  that comes and goes within it. The take-off point above the sea, 2 ± 2 m where nobody says. The reported absolute
  height is never used. A reading at the waterline replaces the first metre and the take-off by its own
  error and the 0.6 m.
- Temperature: a barometer assumes 15 degrees at sea level and a standard lapse, so true over indicated is
  T / 288.15 K with T the temperature at take-off. Applied where the temperature is given; the 4 % stays as it is.
- Pitch: 0.7 deg = 0.63 deg (optical axis against gimbal and the inertial unit's bias, per drone and flight) and 0.3 deg
  that wanders over a minute. No measured accuracy of DJI gimbals is published; 0.2 to 0.3 deg is what transfers
  between frames of a flight. Roll 0.5 deg, of which 0.3 wander. Yaw 2 deg (compass), GPS 2 m.
- Dip of the horizon: 0.03 deg for refraction between 0 and 0.25, the same for all frames.
"""

import numpy as np

from wideberth_contracts.wire import Measured
from wideberth_distance.core.wander import Wander

HEIGHT_FLOOR_M, HEIGHT_SHARE, HEIGHT_NOISE_M = 1.0, 0.04, 0.6
HEIGHT_DEGREES_OF_FREEDOM = 4.0
UNKNOWN_TAKEOFF = Measured(value=2.0, sigma=2.0)
STANDARD_TEMPERATURE_K, ZERO_CELSIUS_K = 288.15, 273.15
PITCH_OFFSET_DEG = Wander(constant=0.4**0.5, wander=0.3, memory_s=60.0)
ROLL_OFFSET_DEG = Wander(constant=0.4, wander=0.3, memory_s=60.0)
PITCH_SIGMA_DEG, ROLL_SIGMA_DEG, YAW_SIGMA_DEG = 0.7, 0.5, 2.0
DIP_SIGMA_DEG = 0.03
GPS_SIGMA_M = 2.0
NO_GPS_SIGMA_M = 10.0
"""How far a hovering drone may be from where it was, when nothing says where it is."""


def height_sigma_m(height_m: float, level_sigma_m: float) -> float:
    """Standard error (scale of the Student-t) of the height above the sea, the take-off's own error given."""
    share_m = HEIGHT_SHARE * height_m
    return float(np.sqrt(HEIGHT_FLOOR_M**2 + HEIGHT_NOISE_M**2 + share_m**2 + level_sigma_m**2))
