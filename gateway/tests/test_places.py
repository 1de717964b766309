"""Places, offsets and groups: what must hold of the geometry under the rules."""

import math

import pytest
from at_sea import Sea, circle, pod, still, straight
from hypothesis import assume, given
from hypothesis import strategies as st

from wideberth_contracts.positions import Covariance2, EastNorth, ErrorSource, Position, SharedTerm
from wideberth_gateway.rules.places import Place, Spread, middle_of, offset, turn_deg
from wideberth_gateway.rules.pods import MILLING, TOO_SHORT, pod_history
from wideberth_gateway.rules.primitives.conduct import widest_gap_deg

metres = st.floats(-500, 500)
degrees = st.floats(0, 360, exclude_max=True)


def place(east_m: float, north_m: float, *, own: float = 0.0, shared: tuple[float, float] = (0.0, 0.0)) -> Place:
    return Place(east_m, north_m, Spread(own, 0.0, own), {ErrorSource.HEIGHT: shared})


@given(start=degrees, turn=st.floats(-179.9, 180))
def test_a_turn_is_the_shorter_way_round(start, turn):
    turned = turn_deg(start, (start + turn) % 360)
    assert -180 <= turned <= 180
    # On the circle: half a turn one way is half a turn the other way, once sums are rounded.
    assert (turned - turn + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)


@given(east=metres, north=metres, shared_east=metres, shared_north=metres)
def test_what_moves_both_ends_alike_cancels(east, north, shared_east, shared_north):
    assume(math.hypot(east, north) > 1e-6)
    shared = (shared_east, shared_north)
    to = offset(place(0, 0, own=1, shared=shared), place(east, north, own=3, shared=shared))
    assert (to.spread.east_east, to.spread.north_north) == pytest.approx((4, 4))
    assert to.distance_half_95_m == pytest.approx(1.96 * 2)


@given(distance=st.floats(10, 1000), share=st.floats(0.001, 0.05), bearing=degrees)
def test_an_error_of_scale_stretches_a_distance_and_turns_nothing(distance, share, bearing):
    east, north = distance * math.sin(math.radians(bearing)), distance * math.cos(math.radians(bearing))
    to = offset(place(0, 0), place(east, north, shared=(share * east, share * north)))
    assert to.distance_half_95_m == pytest.approx(1.96 * share * distance)
    assert to.bearing_half_95_deg == pytest.approx(0, abs=1e-3)
    assert turn_deg(bearing, to.bearing_deg) == pytest.approx(0, abs=1e-6)


def test_two_places_that_may_be_one_have_no_direction():
    assert offset(place(0, 0, own=4), place(2, 0, own=4)).bearing_half_95_deg == 180


@given(count=st.integers(1, 9), own=st.floats(0.1, 9))
def test_a_middle_averages_own_errors_and_keeps_shared_ones(count, own):
    middle = middle_of([place(index, 0, own=own, shared=(2, 1)) for index in range(count)])
    assert middle.own.east_east == pytest.approx(own / count)
    assert middle.shared[ErrorSource.HEIGHT] == pytest.approx((2, 1))
    assert middle.east_m == pytest.approx((count - 1) / 2)


def test_a_position_becomes_a_place_with_its_terms():
    term = SharedTerm(
        source=ErrorSource.PITCH, plus=EastNorth(east_m=3, north_m=1), minus=EastNorth(east_m=-1, north_m=-1)
    )
    own = Covariance2(east_east=1, east_north=0, north_north=1)
    found = Place.of(Position(east_m=5, north_m=6, shared=(term,), own=own), grown_m=2)
    assert found.shared[ErrorSource.PITCH] == (2, 1)
    assert (found.own.east_east, found.own.north_north) == (5, 5)
    assert Place.of(Position(east_m=5, north_m=6, shared=(term,), own=own), without=(ErrorSource.PITCH,)).shared == {}


def pod_of(animals, seconds: float = 12.0, at_s: float = 6.0, **more):
    request = Sea({"v1": still(60, 0)}, animals, seconds=seconds, **more).request()
    return pod_history(request.tracks, animals).at(at_s)


@given(heading=degrees, mps=st.floats(1.0, 5.0))
def test_a_pod_heads_where_its_animals_swim(heading, mps):
    east, north = mps * math.sin(math.radians(heading)), mps * math.cos(math.radians(heading))
    found = pod_of(pod(east, north), frame_s=0.5)
    assert abs(turn_deg(found.course_deg, heading)) < 1e-3
    assert found.course_half_95_deg < 20
    low, value, high = found.slowest_mps
    assert low < mps < high
    assert value == pytest.approx(mps)


def test_milling_and_short_looks_have_no_heading():
    milling = {f"d{k}": (lambda t, k=k: circle(10 + k, 7)(t + 2 * k)) for k in range(4)}
    assert (pod_of(milling).course_deg, pod_of(milling).why) == (None, MILLING)
    assert (pod_of(pod(), seconds=4, at_s=2).course_deg, pod_of(pod(), seconds=4, at_s=2).why) == (None, TOO_SHORT)
    assert pod_of(pod(0.0, 0.2)).why == MILLING


def test_animals_under_water_are_held_with_a_growing_error_and_then_forgotten():
    seen_once = pod_of(pod(0, 0), surfaced=lambda t: t < 3, at_s=3.0)
    later = pod_of(pod(0, 0), surfaced=lambda t: t < 3, at_s=6.0)
    assert later.middle.own.east_east > seen_once.middle.own.east_east
    assert pod_of(pod(0, 0), surfaced=lambda t: t < 3, at_s=10.0) is None


def test_the_spread_of_a_pod_reaches_its_farthest_animal():
    animals = {"d1": straight(0, 0, 0, 1.5), "d2": straight(30, 0, 0, 1.5)}
    assert pod_of(animals).half_m == pytest.approx(15)


@given(bearings=st.lists(st.tuples(degrees, st.floats(0, 20)), min_size=2, max_size=8))
def test_gaps_around_the_circle(bearings):
    value, low, high = widest_gap_deg(bearings)
    assert low <= value <= high
    assert value >= 360 / len(bearings) - 1e-9
    assert widest_gap_deg([*bearings, bearings[0]])[0] == pytest.approx(value)


def test_one_bearing_leaves_everything_free():
    assert widest_gap_deg([(10.0, 1.0)]) == (360.0, 360.0, 360.0)
