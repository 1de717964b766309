"""Where the sun stands and where it can glint."""

import dataclasses
import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from windows import pose, window

from wideberth_contracts.frames import ClearOutcome
from wideberth_contracts.poses import GeoOrigin
from wideberth_glare.core.gate import hearts
from wideberth_glare.core.predict import facet_density, possible, sun_direction
from wideberth_glare.core.scale import scale_for
from wideberth_glare.local import clear_window
from wideberth_glare.self_test import WATER_BGR, glittering_window
from wideberth_media.pixels import as_array

JEJU = (33.2, 126.25)
NOON = datetime(2026, 6, 21, 3, 32, tzinfo=UTC)
"""Solar noon off Jeju on the longest day."""


def _elevation_deg(at: datetime, latitude_deg: float, longitude_deg: float) -> float:
    return math.degrees(math.asin(sun_direction(at, latitude_deg, longitude_deg)[2]))


def test_the_sun_culminates_where_the_almanac_says():
    assert _elevation_deg(NOON, *JEJU) == pytest.approx(90 - 33.2 + 23.44, abs=0.1)
    east, north, _ = sun_direction(NOON, *JEJU)
    assert north < 0
    assert abs(east) < 0.03


def test_it_rises_in_the_east_and_is_down_at_night():
    east, _, up = sun_direction(NOON - timedelta(hours=6), *JEJU)
    assert east > 0.8
    assert 0 < up < 0.5
    assert _elevation_deg(NOON + timedelta(hours=12), *JEJU) < -20


def test_glint_lies_at_the_mirror_point():
    looking_south = pose(960, 540, pitch_deg=-60.0, yaw_deg=180.0)
    density = facet_density(looking_south, (0.0, -math.cos(math.radians(60)), math.sin(math.radians(60))), 5.0)
    row, column = np.unravel_index(density.argmax(), density.shape)
    assert abs(row - 9) <= 1
    assert abs(column - 16) <= 1
    assert density.max() > 0.95
    # 8 degrees of facet tilt are 16 degrees off the axis; the reference gives 0.50 there at 5 m/s.
    off = math.tan(math.radians(16)) * 750 / 540 * 18
    assert density[round(9 + off) - 1 if off < 9 else -1, 16] == pytest.approx(0.5, abs=0.12)


def test_no_glint_above_the_horizon_or_at_night():
    level = pose(960, 540, pitch_deg=0.0, yaw_deg=180.0)
    assert not facet_density(level, (0.0, -0.9, 0.44), 12.0)[:9].any()
    assert not possible(level, NOON + timedelta(hours=12), *JEJU).any()


def test_a_small_field_where_the_sun_cannot_glint_is_none_and_a_large_one_is_believed():
    given, _ = glittering_window(1, boat=False)
    full = as_array(given.frames[0])[..., 2]
    small = np.full_like(full, 40)
    small[200:330, 300:430] = full[200:330, 300:430]
    never, always = np.zeros((18, 32), np.uint8), np.full((18, 32), 255, np.uint8)
    scale = scale_for(0.125)
    assert hearts(small, None, None, scale) is not None
    assert hearts(small, None, always, scale) is not None
    assert hearts(small, None, never, scale) is None
    assert hearts(full, None, never, scale) is not None


@pytest.mark.parametrize(("hours", "outcome"), [(0, ClearOutcome.CLEARED), (12, ClearOutcome.NO_GLINT)])
def test_place_and_time_reach_the_gate(hours, outcome):
    given, _ = glittering_window(1, boat=False)
    picture = np.full_like(as_array(given.frames[0]), WATER_BGR)
    picture[150:360, 380:590] = as_array(given.frames[0])[150:360, 380:590]
    down = pose(960, 540, height_m=60.0, pitch_deg=-80.0, yaw_deg=180.0, focal_px=500.0)
    plain = window([picture], poses=(down,))
    frame = plain.frames[0]
    meta = frame.meta.model_copy(update={"captured_at": NOON + timedelta(hours=hours)})
    settings = plain.settings.model_copy(update={"place": GeoOrigin(latitude=JEJU[0], longitude=JEJU[1])})
    asked = dataclasses.replace(plain, frames=(dataclasses.replace(frame, meta=meta),), settings=settings)
    assert clear_window(asked).outcome is outcome
