"""Late clocks: the delay of each receiver is found with the assignment, alone and beside other receivers."""

import math

import pytest
from test_ais_routes import ship
from test_identity import T0, craft

from wideberth_gateway.identity.deciding import identify
from wideberth_gateway.identity.reports import ShipReport
from wideberth_gateway.identity.scene import scene_of


def late(
    mmsi: int, place: tuple[float, float], v: tuple[float, float], delay_s: float, source: str
) -> list[ShipReport]:
    course = math.degrees(math.atan2(*v)) % 360
    made = [ship(T0 + t, place[0] + v[0] * t, place[1] + v[1] * t, math.hypot(*v), course, mmsi=mmsi)
            for t in range(-60, 101, 10)]  # fmt: skip
    return [
        ShipReport(r.mmsi, source, r.epoch_s + delay_s, r.latitude, r.longitude, r.speed_mps, r.course_deg)
        for r in made
    ]


@pytest.mark.parametrize("delay_s", [0.0, 6.0, 13.0])
def test_a_late_receiver(delay_s):
    """Courses that cross: no shift of the camera explains the delay of both."""
    boats = {101: ((0.0, 0.0), (6.0, 0.0)), 102: ((100.0, 60.0), (0.0, 6.0))}
    tracks = [craft(f"v{m}", *place, ve=v[0], vn=v[1]) for m, (place, v) in boats.items()]
    reports = [r for m, (place, v) in boats.items() for r in late(m, place, v, delay_s, "one")]
    found = identify(scene_of(tracks, None, None), reports, {}, 0.95)
    assert [i.mmsi for i in found.identities] == [101, 102]


def test_two_receivers_late_by_different_times():
    boats = {101: ((0.0, 0.0), (4.0, 0.0), 2.0, "one"), 102: ((150.0, 80.0), (0.0, 4.0), 11.0, "two")}
    tracks = [craft(f"v{m}", *place, ve=v[0], vn=v[1]) for m, (place, v, _, _) in boats.items()]
    reports = [r for m, (place, v, delay_s, source) in boats.items() for r in late(m, place, v, delay_s, source)]
    found = identify(scene_of(tracks, None, None), reports, {}, 0.95)
    assert all(i.mmsi in (None, int(i.track[1:])) for i in found.identities), "nobody is named wrongly"


def test_ships_far_away_take_no_part():
    reports = late(103, (30_000.0, 0.0), (5.0, 0.0), 0.0, "one")
    assert identify(scene_of([craft("v1", 0, 0)], None, None), reports, {}).ships_near == 0
