"""Ships between their reports, and the evidence of Gaussian models."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_gateway.identity.gaussians import log_sum, pair_evidence
from wideberth_gateway.identity.reports import ShipParticulars, ShipReport
from wideberth_gateway.identity.routes import LONGEST_GAP_S, RIVAL_GAP_S, Plane, Route, routes_of

PLANE = Plane(33.2, 126.3)
NORTH_M = PLANE.east_north(34.2, 126.3)[1]
EAST_M = PLANE.east_north(33.2, 127.3)[0]


def ship(
    t_s: float,
    east: float,
    north: float,
    speed: float | None = None,
    course: float | None = None,
    mmsi: int = 7,
    **more: object,
) -> ShipReport:
    where = {"latitude": 33.2 + north / NORTH_M, "longitude": 126.3 + east / EAST_M}
    return ShipReport(mmsi, "r", t_s, **where, speed_mps=speed, course_deg=course, **more)


def route(*reports: ShipReport, particulars: ShipParticulars | None = None) -> Route:
    [made] = routes_of(reports, {7: particulars} if particulars else {}, PLANE, 0, 100)
    return made


@given(st.floats(0.3, 15), st.floats(0, 359.9), st.floats(2, 180), st.floats(0, 1))
def test_a_steady_ship_is_where_it_goes(speed, course, gap_s, share):
    angle = math.radians(course)
    ve, vn = speed * math.sin(angle), speed * math.cos(angle)
    found = route(ship(0, 0, 0, speed, course), ship(gap_s, ve * gap_s, vn * gap_s, speed, course)).at(share * gap_s)
    assert found.east_m == pytest.approx(ve * share * gap_s, abs=0.05 + 1e-3 * speed * gap_s)
    assert found.north_m == pytest.approx(vn * share * gap_s, abs=0.05 + 1e-3 * speed * gap_s)
    assert found.is_near


@given(st.floats(1, 400), st.floats(0.01, 0.49))
def test_the_error_grows_towards_the_middle_of_a_gap_and_with_it(gap_s, share):
    def variance(gap: float, at: float) -> float:
        return route(ship(0, 0, 0, 5, 0), ship(gap, 0, 5 * gap, 5, 0)).at(at * gap).variance_m2

    assert variance(gap_s, share) < variance(gap_s, 0.5)
    assert variance(gap_s, 0.5) < variance(1.5 * gap_s, 0.5)


def test_long_gaps_are_not_bridged_for_naming():
    def near(gap_s: float, speed: float) -> bool:
        return route(ship(0, 0, 0, speed, 0), ship(gap_s, 0, speed * gap_s, speed, 0)).at(gap_s / 2).is_near

    assert near(LONGEST_GAP_S - 1, 5)
    assert not near(LONGEST_GAP_S + 1, 5)
    assert near(LONGEST_GAP_S + 1, 0.5), "a ship that lies still reports every three minutes"
    alone = route(ship(0, 0, 0, 5, 90))
    assert alone.at(20).is_near
    assert not alone.at(40).is_near
    assert alone.at(RIVAL_GAP_S) is None


def test_the_middle_of_the_hull_is_not_the_antenna():
    told = ShipParticulars(7, "A", 18, 2, 3, 1)
    east = route(ship(0, 0, 0, 5, 90), ship(10, 50, 0, 5, 90), particulars=told).at(5)
    assert (east.east_m, east.north_m) == pytest.approx((25 + 8, 1), abs=0.05)
    lengthwise = ShipParticulars(7, "A", 0, 20, 0, 4)
    assert route(ship(0, 0, 0, 5, 90), particulars=lengthwise).at(0).east_m == pytest.approx(0, abs=0.05)


def test_two_ships_under_one_number_are_told():
    assert route(ship(0, 0, 0), ship(10, 100, 0)).consistent
    assert not route(ship(0, 0, 0), ship(10, 5000, 0)).consistent


def test_reports_heard_twice_count_once():
    assert len(route(ship(0, 0, 0), ship(0.1, 0, 0), ship(10, 1, 0)).knots) == 2


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=4), st.floats(0.5, 5), st.floats(0.1, 30), st.floats(0, 10))
def test_the_evidence_is_that_of_the_whole_covariance(residuals, noise, own, shared):
    """Against the density of r with covariance noise² I + (own² + shared²) 1 1ᵀ, by its closed form."""
    n = len(residuals)
    ones = [[1.0]] * n
    found = pair_evidence(residuals, [noise**2] * n, [[shared]] * n, ones, [own**2]).integrated()
    common, v = own**2 + shared**2, noise**2
    determinant = (n - 1) * math.log(v) + math.log(v + n * common)
    squares, total = sum(r * r for r in residuals), sum(residuals)
    distance = (squares - common * total**2 / (v + n * common)) / v
    assert found == pytest.approx(-0.5 * (distance + determinant + n * math.log(2 * math.pi)), abs=1e-5, rel=1e-6)


def test_log_sum_of_nothing_is_nothing():
    assert log_sum([]) == -math.inf
    assert log_sum([0.0, 0.0]) == pytest.approx(math.log(2))
