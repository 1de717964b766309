"""Sun against facts of the sky."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from wideberth_simulator.sun import sun_position_deg


def noon(day, latitude, longitude):
    times = [day + timedelta(minutes=m) for m in range(0, 24 * 60, 2)]
    return max((sun_position_deg(t, latitude, longitude) for t in times), key=lambda p: p[1])


@pytest.mark.parametrize(
    ("day", "declination"),
    [
        pytest.param(datetime(2026, 6, 21, tzinfo=UTC), 23.44, id="june solstice"),
        pytest.param(datetime(2026, 12, 21, tzinfo=UTC), -23.44, id="december solstice"),
    ],
)
def test_noon_height_at_jeju(day, declination):
    azimuth, elevation = noon(day, 33.2, 126.2)
    assert elevation == pytest.approx(90 - 33.2 + declination, abs=0.05)
    assert azimuth == pytest.approx(180.0, abs=1.5)


def test_equinox_rises_in_the_east():
    day = datetime(2026, 3, 20, 12, tzinfo=UTC)
    times = [day + timedelta(minutes=m) for m in range(24 * 60)]
    track = [sun_position_deg(t, 33.2, 126.2) for t in times]
    rise = next(b for a, b in pairwise(track) if a[1] < 0 <= b[1])
    assert rise[0] == pytest.approx(90.0, abs=1.0)


def test_noon_clock_at_jeju():
    # 126.2 E is 8 h 24.8 min ahead of Greenwich; equation of time on 14 May is about +3.7 min.
    assert sun_position_deg(datetime(2026, 5, 14, 3, 31, 30, tzinfo=UTC), 33.2, 126.2)[0] == pytest.approx(180, abs=1.0)
