"""Speed, course, making way or drifting, and how a craft comes to a pod."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.positions import Covariance2, EastNorth, Position, Separation, SharedTerm
from wideberth_contracts.separations import SeparationSample
from wideberth_contracts.tracks import Sighted, Track, TrackPoint, TrackState
from wideberth_contracts.wire import Interval
from wideberth_distance.core.approach import crossings_of, relative_bearing_deg, stays_of
from wideberth_distance.core.draws import Draws
from wideberth_distance.core.speed import DrawnVelocity, course_of, speed_of, velocity_at
from wideberth_distance.core.underway import underway

DRAWS = Draws.of(1000, 0)
TIMES = np.arange(0.0, 16.0, 0.2)


def craft(times, places, own_m: float = 0.5, height_m: tuple[float, float] = (0.0, 0.0)) -> Track:
    """A track whose points are what each frame saw; `height_m`: displacement by one standard error of the height."""
    plus = EastNorth(east_m=height_m[0], north_m=height_m[1])
    minus = EastNorth(east_m=-height_m[0], north_m=-height_m[1])
    own = Covariance2(east_east=own_m**2, east_north=0.0, north_north=own_m**2)
    points = []
    for t_s, (east, north) in zip(times.tolist(), places.tolist(), strict=True):
        shared = (SharedTerm(source="height", plus=plus, minus=minus),)
        position = Position(east_m=east, north_m=north, own=own, shared=shared)
        sighted = Sighted(east_m=east, north_m=north, own=own)
        points.append(TrackPoint(t_s=t_s, pts=round(t_s * 90_000), observed=True, position=position, sighted=sighted))
    return Track(id="v1", kind="vessel", state=TrackState.CONFIRMED, points=tuple(points))


def straight(times, speed: float, course_deg: float, noise_m: float = 0.0, seed: int = 0):
    rng = np.random.default_rng(seed)
    course = math.radians(course_deg)
    path = speed * times[:, None] * np.array([math.sin(course), math.cos(course)])
    return path + rng.normal(0, noise_m, (len(times), 2)) if noise_m else path


def estimate(track: Track, t_s: float = 8.0):
    course = course_of(track)
    velocity = velocity_at(course, t_s, DRAWS, track.id)
    assert velocity is not None
    return velocity, speed_of(course, velocity)


@settings(max_examples=12, deadline=None)
@given(st.floats(1.0, 12.0), st.floats(0.0, 359.0))
def test_a_steady_course_is_told_whatever_its_direction(speed: float, course_deg: float) -> None:
    _, said = estimate(craft(TIMES, straight(TIMES, speed, course_deg, 0.3)))
    assert said.value_mps == pytest.approx(speed, abs=0.15)
    assert said.course_deg is not None
    assert abs((said.course_deg - course_deg + 180) % 360 - 180) < 12
    assert said.interval_95_mps.low <= speed <= said.interval_95_mps.high


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_jittered_frame_times_do_not_change_the_answer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    jittered = np.sort(TIMES + rng.uniform(0, 0.15, TIMES.size))
    _, even = estimate(craft(TIMES, straight(TIMES, 5.0, 70.0)))
    _, uneven = estimate(craft(jittered, straight(jittered, 5.0, 70.0)))
    assert uneven.value_mps == pytest.approx(even.value_mps, abs=0.01)
    assert uneven.interval_95_mps.high == pytest.approx(even.interval_95_mps.high, abs=0.05)


def test_own_errors_that_stay_do_not_widen_the_speed_and_those_that_do_not_do() -> None:
    """The same own covariance, once of a hull whose shape is unknown, once of boxes that jump."""
    _, steady = estimate(craft(TIMES, straight(TIMES, 5.0, 0.0, 0.02), own_m=1.0))
    _, jumping = estimate(craft(TIMES, straight(TIMES, 5.0, 0.0, 1.0), own_m=1.0))
    widths = [said.interval_95_mps.high - said.interval_95_mps.low for said in (steady, jumping)]
    assert widths[0] < 0.15 < widths[1] < 2.0


def test_sluggish_errors_are_not_averaged_away_as_if_they_were_independent() -> None:
    """Box errors of 0.5 m that stay for a second or so: intervals hold the truth in most of 30 tracks."""
    held = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        noise = np.zeros((TIMES.size, 2))
        for i in range(1, TIMES.size):
            noise[i] = math.exp(-0.2) * noise[i - 1] + 0.5 * math.sqrt(1 - math.exp(-0.4)) * rng.normal(size=2)
        _, said = estimate(craft(TIMES, straight(TIMES, 4.0, 30.0) + noise, own_m=0.7))
        held += said.interval_95_mps.low <= 4.0 <= said.interval_95_mps.high
    assert held >= 26


def test_one_wild_box_is_no_manoeuvre() -> None:
    places = straight(TIMES, 5.0, 0.0, 0.2)
    places[40] += (15.0, 0.0)
    _, said = estimate(craft(TIMES, places))
    assert said.value_mps == pytest.approx(5.0, abs=0.3)


def test_a_boat_at_rest_has_no_course_and_nought_in_its_interval() -> None:
    _, said = estimate(craft(TIMES, straight(TIMES, 0.0, 0.0, 0.3)))
    assert said.interval_95_mps.low == 0.0
    assert said.course_deg is None


def test_a_braking_boat_is_followed() -> None:
    speeds = np.interp(TIMES, [0, 6, 10, 16], [8.0, 8.0, 1.0, 1.0])
    north = np.cumsum(speeds * np.diff(TIMES, prepend=0.0))
    track = craft(TIMES, np.stack([np.zeros_like(north), north], axis=1) + straight(TIMES, 0, 0, 0.2))
    assert estimate(track, 3.0)[1].value_mps == pytest.approx(8.0, abs=0.7)
    assert estimate(track, 14.0)[1].value_mps == pytest.approx(1.0, abs=0.7)


def drift(east: float, north: float, sigma: float = 0.05) -> DrawnVelocity:
    normal = np.random.default_rng(3).standard_normal((2, 600))
    return DrawnVelocity(np.array([east, north]), np.array([[east], [north]]) + sigma * normal)


def test_without_anything_adrift_drifting_and_stopped_are_not_told_apart() -> None:
    said = underway("v1", drift(0.3, 0.0), {"v1": (drift(0.3, 0.0), False)})
    assert (said.p_stopped, said.p_drifting, said.water) == (None, None, None)
    assert said.p_moving < 0.05


def test_neighbours_that_drift_together_are_the_water() -> None:
    others = {"v2": (drift(0.8, 0.1), False), "v3": (drift(0.82, 0.08), False)}
    adrift = underway("v1", drift(0.79, 0.1), others)
    anchored = underway("v1", drift(0.0, 0.0), others)
    steaming = underway("v1", drift(4.0, 0.0), others)
    assert adrift.water is not None
    assert adrift.water.tracks == ("v2", "v3")
    assert (adrift.p_drifting or 0.0) > 0.9
    assert (anchored.p_stopped or 0.0) > 0.9
    assert steaming.p_moving > 0.99
    for said in (adrift, anchored, steaming):
        assert said.p_moving + (said.p_stopped or 0) + (said.p_drifting or 0) == pytest.approx(1.0)


def test_boats_that_lie_still_together_say_nothing_of_the_water() -> None:
    others = {"v2": (drift(0.0, 0.01), False), "v3": (drift(0.01, 0.0), False)}
    assert underway("v1", drift(0.0, 0.0), others).water is None


def test_a_swimmer_alone_is_a_reference_and_a_vague_one() -> None:
    said = underway("v1", drift(0.9, 0.0), {"s1": (drift(0.9, 0.0), True)})
    assert said.water is not None
    assert said.water.own.east_east > 0.1


@pytest.mark.parametrize(
    ("course", "animal", "bearing"),
    [(0.0, (0, 10), 0.0), (0.0, (10, 0), 90.0), (90.0, (0, 10), -90.0), (350.0, (0, 10), 10.0), (0.0, (0, -10), 180.0)],
)
def test_relative_bearing(course: float, animal: tuple[float, float], bearing: float) -> None:
    assert relative_bearing_deg(course, np.zeros(2), np.array(animal, dtype=float)) == pytest.approx(bearing)


def test_stays_are_summed_and_gaps_are_not() -> None:
    def sample(t_s: float, low: float, value: float, high: float) -> SeparationSample:
        apart = Separation(value_m=value, sigma_m=1.0, interval_95_m=Interval(low=low, high=high))
        return SeparationSample(
            t_s=t_s, pts=0, animal_track="d1", animal_age_s=0.0, craft_observed=True, separation=apart
        )

    samples = [sample(t, 30, 40, 60) for t in np.arange(0, 5.01, 0.2)]
    samples += [sample(t, 30, 40, 45) for t in np.arange(60, 65.01, 0.2)]
    (stay,) = stays_of(samples, (50.0,))
    assert (stay.seconds, stay.surely_s, stay.possibly_s) == pytest.approx((10.0, 5.0, 10.0))


@pytest.mark.parametrize(("ahead_m", "crossings"), [(60.0, 1), (-60.0, 0), (500.0, 0)])
def test_crossing_the_path_of_a_pod_counts_ahead_of_it_only(ahead_m: float, crossings: int) -> None:
    times = np.arange(0.0, 30.0, 0.5)
    pod = np.stack([np.zeros_like(times), 1.5 * times], axis=1)
    boat = np.stack([-60.0 + 4.0 * times, np.full_like(times, 22.5 + ahead_m)], axis=1)
    found = crossings_of(times, boat, times, pod, np.full(times.size, 8.0))
    assert len(found) == crossings
    if found:
        assert found[0].t_s == pytest.approx(15.0, abs=0.6)
        assert found[0].ahead_m == pytest.approx(ahead_m, abs=3.0)
        assert found[0].pod_course_deg == pytest.approx(0.0, abs=1.0)


def test_a_pod_that_mills_has_no_path() -> None:
    times = np.arange(0.0, 30.0, 0.5)
    boat = np.stack([-60.0 + 4.0 * times, np.full_like(times, 60.0)], axis=1)
    assert crossings_of(times, boat, times, np.zeros((times.size, 2)), np.full(times.size, 8.0)) == ()
