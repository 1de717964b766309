"""Every primitive: right, wrong and cannot be told; and what must hold of all of them."""

import asyncio
import math
from dataclasses import replace

import pytest
from at_sea import Sea, circle, still, straight
from hypothesis import given, settings
from hypothesis import strategies as st
from primitive_scenes import (
    CASES,
    FENCES,
    NO_CALF,
    OWN_CASES,
    STAYS,
    WAKE,
    Case,
    boat,
    c,
    fleet,
    moved,
    n,
    pack_of,
    ring,
)

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import Finding, Missing, Verdict
from wideberth_contracts.known import Known
from wideberth_contracts.positions import Covariance2, Position
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.separations import Underway, WaterMotion
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_gateway.rules import LocalJudge
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.pods import pod_history
from wideberth_gateway.rules.primitives import PRIMITIVES

V, C, N = Verdict.VIOLATION, Verdict.COMPLIANT, Verdict.CANNOT_JUDGE
ALL = {**CASES, **{f"geofence_{name}": case for name, case in FENCES.items()}}


def finding(pack: Pack, sea: Sea, craft: str = "v1") -> Finding | None:
    answer = asyncio.run(LocalJudge(lambda _: pack).judge(sea.request()))
    found = [one for encounter in answer.encounters if encounter.craft_track == craft for one in encounter.findings]
    return next(iter([*found, *answer.own_conduct]), None)


def verdict(pack: Pack, sea: Sea, craft: str = "v1") -> Verdict | None:
    found = finding(pack, sea, craft)
    return found.verdict if found else None


def test_every_primitive_has_its_cases():
    assert {*CASES, *OWN_CASES, "geofence", "human_review"} == set(PRIMITIVES)


@pytest.mark.parametrize("name", [*ALL, *OWN_CASES])
def test_breaks_keeps_and_cannot_be_told(name):
    case = {**ALL, **OWN_CASES}[name]
    assert verdict(case.pack, case.breaks) is V
    assert verdict(case.pack, case.keeps) in (C, None)
    unsure = finding(case.pack, case.unsure)
    assert unsure.verdict is N
    assert unsure.missing is not None
    assert unsure.reason


@pytest.mark.parametrize("name", [*CASES])
@settings(max_examples=3, deadline=None)
@given(turned_deg=st.floats(0, 360), mirrored=st.booleans())
def test_a_verdict_does_not_know_where_north_is(name, turned_deg, mirrored):
    case: Case = CASES[name]
    for sea in (case.breaks, case.keeps, case.unsure):
        assert verdict(case.pack, moved(sea, turned_deg=turned_deg, mirrored=mirrored)) is verdict(case.pack, sea)


@pytest.mark.parametrize("name", [*ALL])
@settings(max_examples=4, deadline=None)
@given(times=st.floats(1, 30))
def test_knowing_less_never_makes_a_violation(name, times):
    """Wider errors: what was a violation stays one or cannot be judged; nothing else becomes one."""
    case: Case = ALL[name]
    assert verdict(case.pack, case.breaks.wider(times)) in (V, N)
    assert verdict(case.pack, case.keeps.wider(times)) is not V
    assert verdict(case.pack, case.unsure.wider(times)) is not V


@pytest.mark.parametrize("name", [name for name in ALL if name not in ("max_stay", "geofence_entry")])
def test_animals_that_were_never_seen_break_nothing(name):
    """Their last place is held and never carried on into a violation."""
    case: Case = ALL[name]
    assert verdict(case.pack, replace(case.breaks, surfaced=lambda t: t < 0.3)) is not V


@pytest.mark.parametrize("name", [*ALL])
def test_a_glimpse_is_no_violation(name):
    """Two frames are too few for any rule."""
    case: Case = ALL[name]
    assert verdict(case.pack, replace(case.breaks, seconds=0.4)) is not V


@given(distance_m=st.floats(5, 200), error_m=st.floats(0.1, 30))
@settings(max_examples=20, deadline=None)
def test_a_distance_is_judged_by_its_whole_interval(distance_m, error_m):
    sea = boat(still(distance_m, 0), animals={"d1": still(0, 0)}, error_m=error_m, seconds=4)
    expected = V if distance_m + error_m <= 50 else C if distance_m - error_m > 50 else N
    assert verdict(CASES["min_distance"].pack, sea) is expected


@given(speed_mps=st.floats(0, 12), error_mps=st.floats(0.05, 2))
@settings(max_examples=20, deadline=None)
def test_a_speed_is_judged_by_its_whole_interval(speed_mps, error_mps):
    sea = boat(straight(-60, 80, speed_mps, 0), animals=STAYS, speed_error_mps=error_mps, seconds=4)
    limit = 6 * 1852 / 3600
    expected = V if speed_mps - error_mps >= limit else C if speed_mps + error_mps < limit else N
    if abs(abs(speed_mps - limit) - error_mps) > 1e-6:
        assert verdict(CASES["speed_max_in_band"].pack, sea) is expected


@given(count=st.integers(1, 6))
@settings(max_examples=12, deadline=None)
def test_craft_are_counted_each_once(count):
    expected = V if count >= 3 else C
    assert verdict(CASES["count_within"].pack, fleet(*ring(count), animals=STAYS, seconds=4)) is expected


def _one_of_them_missed(craft: str, t_s: float) -> bool:
    """Of three boats one is missed in two frames of five."""
    return (round(t_s / 0.2) % 5, craft) in ((1, "v1"), (3, "v2"))


def _one_always_missed(craft: str, t_s: float) -> bool:
    return craft == "v2" and t_s > 0.3


def test_a_boat_that_is_missed_now_and_then_still_counts():
    whole = fleet(*ring(3), animals=STAYS, seconds=4)
    assert verdict(CASES["count_within"].pack, replace(whole, missed=_one_of_them_missed)) is V
    assert verdict(CASES["count_within"].pack, replace(whole, missed=_one_always_missed)) is N


def test_a_ring_in_which_a_boat_is_missed_now_and_then_is_still_a_ring():
    case = CASES["no_encirclement"]
    assert verdict(case.pack, replace(case.breaks, missed=_one_of_them_missed)) is V
    assert verdict(case.pack, replace(case.keeps, missed=_one_of_them_missed)) is not V
    assert verdict(case.pack, replace(case.breaks, missed=_one_always_missed)) is N


def test_boats_that_are_missed_now_and_then_were_still_there_before():
    case = CASES["already_there"]
    assert verdict(case.pack, replace(case.breaks, missed=_one_of_them_missed)) is V
    assert verdict(case.pack, replace(case.keeps, missed=_one_of_them_missed)) in (C, None)
    assert verdict(case.pack, replace(case.breaks, missed=_one_always_missed)) is N


def test_two_animals_taken_for_one_are_no_slow_swimmer():
    """A dive after which a track goes on with the animal behind: each swims at 2 m/s, the line slower."""

    def swims(start_m: float) -> Track:
        points = []
        for number in range(30):
            t_s = 0.2 * number if number < 15 else 0.2 * number + 3.0
            north = start_m + 2.0 * t_s - (9.0 if number >= 15 else 0.0)
            place = Position(east_m=0.0, north_m=north, own=Covariance2(east_east=0.01, east_north=0, north_north=0.01))
            points.append(TrackPoint(t_s=t_s, pts=round(1000 * t_s), observed=True, position=place))
        return Track(id=f"d{start_m:g}", kind=ObjectKind.DOLPHIN, state=TrackState.CONFIRMED, points=tuple(points))

    pod = pod_history([swims(0.0)], ["d0"]).at(4.5)
    assert pod is not None
    assert pod.slowest_mps is not None
    low, value, high = pod.slowest_mps
    assert low < 2.0 < high
    assert value == pytest.approx(2.0, abs=0.01)


@pytest.mark.parametrize(("missed_up_to", "expected"), [(1, V), (5, N)])
def test_the_nearest_animal_may_be_missed_for_a_moment(missed_up_to, expected):
    """Two animals, 147 and 350 m from the drone; of every seven frames some lack the near one."""
    request = boat(
        still(0, 80), animals={"d1": still(0, 0), "d2": still(500, 0)}, heights_m=(60, 1.0), drone=still(147.5, 0)
    ).request()
    tracks = []
    for track in request.tracks:
        seen = [track.id != "d1" or number % 7 >= missed_up_to for number in range(len(track.points))]
        points = (point.model_copy(update={"observed": kept}) for point, kept in zip(track.points, seen, strict=True))
        tracks.append(track.model_copy(update={"points": tuple(points)}))
    judge = LocalJudge(lambda _: OWN_CASES["watch_aircraft_min_distance"].pack)
    answer = asyncio.run(judge.judge(request.model_copy(update={"tracks": tuple(tracks)})))
    assert answer.own_conduct[0].verdict is expected


@pytest.mark.parametrize(
    ("taken_for", "seconds", "expected"),
    [(ScreenVerdict.UNKNOWN, 1.6, N), (ScreenVerdict.ANIMAL, 1.6, V), (ScreenVerdict.UNKNOWN, 2.4, V)],
)
def test_what_screening_left_open_decides_nothing_before_it_was_seen_often(taken_for, seconds, expected):
    request = boat(still(20, 0), animals={"d1": still(0, 0)}, seconds=seconds).request()
    tracks = tuple(
        one.model_copy(update={"screened": taken_for}) if one.kind is ObjectKind.DOLPHIN else one
        for one in request.tracks
    )
    judge = LocalJudge(lambda _: CASES["min_distance"].pack)
    answer = asyncio.run(judge.judge(request.model_copy(update={"tracks": tracks})))
    assert answer.encounters[0].findings[0].verdict is expected


@given(bearing_deg=st.floats(0, 180))
@settings(max_examples=20, deadline=None)
def test_a_sector_is_judged_by_the_angle_off_the_heading(bearing_deg):
    """Steering straight at the pod from any side; five degrees either way of the edge are left to the error."""
    east, north = math.sin(math.radians(bearing_deg)), math.cos(math.radians(bearing_deg))
    sea = boat(straight(250 * east, 250 * north, -3 * east, -3 * north + 1.5), seconds=8, error_m=0.5)
    found = verdict(CASES["no_sector"].pack, sea)
    if bearing_deg < 10:
        assert found is V
    elif bearing_deg > 60:
        assert found is C
    else:
        assert found is not None


def test_from_behind_and_outside_the_one_sector():
    behind = boat(straight(0, -200, 0, 5), seconds=10)
    abeam = boat(straight(200, 0, -5, 1.5), seconds=10)
    rear = pack_of("no_sector", within_m=n(300), rear_half_deg=n(30))
    only = pack_of("no_sector", within_m=n(300), only_behind_deg=n(60))
    assert (verdict(rear, behind), verdict(rear, abeam)) == (V, C)
    assert (verdict(only, behind), verdict(only, abeam)) == (C, V)


def test_lying_still_ahead_is_no_approach():
    assert verdict(CASES["no_sector"].pack, boat(still(0, 120))) is C


def test_a_pod_that_turns_across_a_waiting_boat_is_not_crossed():
    def turning(t: float) -> tuple[float, float]:
        return (0.0, 1.5 * t) if t < 15 else (1.5 * (t - 15), 22.5)

    animals = {f"d{k}": (lambda t, k=k: (turning(t)[0] + 4 * k, turning(t)[1])) for k in range(3)}
    assert verdict(CASES["no_path_crossing"].pack, boat(still(60, 60), animals=animals, seconds=40)) is not V


def test_a_crossing_behind_the_pod_is_none():
    assert verdict(CASES["no_path_crossing"].pack, boat(straight(-40, -30, 4, 1.5))) is C


def test_milling_animals_have_no_ahead():
    animals = {f"d{k}": (lambda t, k=k: circle(10 + k, 7)(t + 2 * k)) for k in range(4)}
    found = finding(CASES["no_sector"].pack, boat(straight(0, 200, 0, -4), animals=animals))
    assert (found.verdict, found.missing) == (N, Missing.NO_DIRECTION)


def test_one_craft_that_circles_closes_the_ring():
    around = boat(circle(60, 40), animals=STAYS, seconds=50)
    assert verdict(CASES["no_encirclement"].pack, around) is V
    assert verdict(CASES["no_encirclement"].pack, boat(circle(60, 400), animals=STAYS, seconds=50)) is C


def test_a_craft_that_followed_for_a_shorter_time_is_no_pursuer():
    found = finding(CASES["no_pursuit"].pack, boat(straight(0, -40, 0, 1.5), seconds=10))
    assert (found.verdict, found.missing) == (N, Missing.TOO_SHORT)


def test_wake_is_named_and_the_engine_never():
    case = CASES["propulsion_off_in_band"]
    reason = finding(case.pack, case.breaks).reason
    assert "under way" in reason
    assert "with wake" in reason
    assert "engine" not in reason


def test_a_wake_refutes_drift():
    case = CASES["propulsion_off_in_band"]
    assert verdict(case.pack, replace(case.keeps, known=WAKE)) is N


def test_drift_with_the_water_is_no_way():
    own = Covariance2(east_east=0.01, east_north=0.0, north_north=0.01)
    water = WaterMotion(east_mps=1.3, north_mps=0.0, own=own, tracks=("s1",))
    drifts = Underway(p_moving=0.0, p_stopped=0.0, p_drifting=1.0, water=water)
    case = CASES["propulsion_off_in_band"]
    assert verdict(case.pack, replace(case.unsure, underway=drifts)) is C


def test_a_stay_is_shorter_where_others_wait():
    pack = pack_of("max_stay", band=f"{{outer_m: {n(100)}}}", max_min=n(1), max_if_queue_min=n(0.2))

    def passing(t: float) -> tuple[float, float]:
        return -150.0 + 10.0 * t, 0.0

    sea = boat(passing, animals=STAYS, seconds=30)
    shorter = finding(pack, replace(sea, known=Known(others_wait=True)))
    assert (shorter.verdict, shorter.threshold) == (V, 0.2)
    assert "longer than 0.2 min" in shorter.reason
    assert verdict(pack, replace(sea, known=Known(others_wait=False))) is C
    unknown = finding(pack, sea)
    assert (unknown.verdict, unknown.missing) == (N, Missing.A_PERSON)


def test_a_stay_is_not_timed_through_dives():
    """The animal is seen one second in ten: the time between is not proved."""
    case = CASES["max_stay"]
    assert verdict(case.pack, replace(case.breaks, surfaced=lambda t: t % 10 < 1)) is not V


def test_a_jet_ski_is_seen_in_the_picture():
    pack = pack_of("vessel_class_override", limit_m=n(300), inclusive="false", craft_class="jet_ski")
    sea = boat(still(100, 0), animals=STAYS)
    assert verdict(pack, replace(sea, kind=ObjectKind.JET_SKI)) is V
    assert finding(pack, sea) is None


def test_no_calf_means_no_say():
    case = CASES["calf_or_resting_override"]
    assert finding(case.pack, replace(case.breaks, known=NO_CALF)) is None


def test_a_craft_high_up_is_free_of_the_drones_distance():
    case = OWN_CASES["watch_aircraft_min_distance"]
    assert finding(case.pack, replace(case.breaks, heights_m=(700, 5.0))) is None
    assert verdict(case.pack, replace(case.breaks, heights_m=(600, 5.0))) is N


def test_relative_speed_needs_an_animal_that_was_followed():
    case = CASES["relative_speed_max"]
    found = finding(case.pack, replace(case.breaks, surfaced=lambda t: t < 1))
    assert found.verdict is N


def test_choices_are_named_as_such():
    pack = pack_of("no_path_crossing", within_m=c(100))
    assert pack.rules[0].numbers() == ()
