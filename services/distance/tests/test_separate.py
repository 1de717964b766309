"""Craft against animals: known distances, shared errors, animals under water, what is left out."""

import time

import numpy as np
import pytest

from wideberth_contracts.positions import (
    Covariance2,
    EastNorth,
    ErrorSource,
    NoPosition,
    Position,
    PositionAbsence,
    SharedTerm,
)
from wideberth_contracts.separations import SeparateRequest, SeparationSample
from wideberth_contracts.tracks import Track, TrackPoint
from wideberth_distance.core.separate import separate


def position(east: float, north: float, own_m: float = 0.0, shared: dict[str, tuple[float, float]] | None = None):
    """A position whose shared terms are given as displacement of plus; minus is its opposite."""
    terms = tuple(
        SharedTerm(
            source=ErrorSource(source),
            plus=EastNorth(east_m=e, north_m=n),
            minus=EastNorth(east_m=-e, north_m=-n),
        )
        for source, (e, n) in (shared or {}).items()
    )
    own = Covariance2(east_east=own_m**2, east_north=0.0, north_north=own_m**2)
    return Position(east_m=east, north_m=north, shared=terms, own=own)


def outline(east: float, north: float, half: float = 2.0, **rest):
    corners = ((half, half), (-half, half), (-half, -half), (half, -half))
    return tuple(position(east + e, north + n, **rest) for e, n in corners)


def point(t_s: float, place, hull=(), observed: bool = True) -> TrackPoint:
    return TrackPoint(t_s=t_s, pts=round(t_s * 100), observed=observed, position=place, outline=hull)


def craft(points, name="v1", kind="vessel", state="confirmed") -> Track:
    return Track(id=name, kind=kind, state=state, points=tuple(points))


def animal(points, name="d1", state="confirmed", kind="dolphin") -> Track:
    return Track(id=name, kind=kind, state=state, points=tuple(points))


def samples(*tracks: Track, **settings) -> tuple[SeparationSample, ...]:
    answer = separate(SeparateRequest(tracks=tracks, **settings))
    return answer.series[0].samples if answer.series else ()


BOAT = craft([point(0.0, position(0, 0), outline(0, 0))])


def test_distance_is_to_the_hull_not_to_its_centre() -> None:
    (sample,) = samples(BOAT, animal([point(0.0, position(30, 0))]))
    assert sample.separation.value_m == pytest.approx(28.0)
    assert sample.separation.interval_95_m.high == pytest.approx(28.0, abs=0.01)
    assert [p.probability for p in sample.separation.p_below] == [1.0, 1.0, 1.0, 1.0]


def test_an_animal_under_the_hull_is_at_nought() -> None:
    (sample,) = samples(BOAT, animal([point(0.0, position(0.5, 0.2))]))
    assert sample.separation.value_m == 0.0


def test_a_craft_without_an_outline_is_a_point() -> None:
    (sample,) = samples(craft([point(0.0, position(0, 0))]), animal([point(0.0, position(3, 4))]))
    assert sample.separation.value_m == pytest.approx(5.0)


def test_the_nearest_animal_is_named() -> None:
    near, far = animal([point(0.0, position(0, 40))], "d1"), animal([point(0.0, position(60, 0))], "d2")
    answer = separate(SeparateRequest(tracks=(BOAT, far, near)))
    assert answer.series[0].samples[0].animal_track == "d1"
    assert answer.series[0].animals == ("d1",)


def test_what_both_share_cancels() -> None:
    gps = {"camera_east": (5.0, 0.0), "camera_north": (0.0, 5.0)}
    boat = craft([point(0.0, position(0, 0), outline(0, 0, shared=gps))])
    (sample,) = samples(boat, animal([point(0.0, position(30, 0, shared=gps))]))
    assert sample.separation.interval_95_m.high - sample.separation.interval_95_m.low < 0.01


def test_a_scale_error_is_student_t() -> None:
    def scaled(east):
        return {"height": (0.04 * east, 0.0)}

    corners = tuple(position(e, n, shared=scaled(e)) for e, n in ((2, 2), (-2, 2), (-2, -2), (2, -2)))
    boat = craft([point(0.0, position(0, 0), corners)])
    (sample,) = samples(boat, animal([point(0.0, position(102, 0, shared=scaled(102)))]), draws=5000)
    # 2.776 is the 97.5 % point of Student-t with four degrees of freedom.
    assert sample.separation.interval_95_m.high == pytest.approx(100 * (1 + 0.04 * 2.776), abs=0.5)
    assert sample.separation.interval_95_m.low == pytest.approx(100 * (1 - 0.04 * 2.776), abs=0.5)


def test_own_errors_are_independent() -> None:
    boat = craft([point(0.0, position(0, 0), outline(0, 0, own_m=1.0))])
    (sample,) = samples(boat, animal([point(0.0, position(52, 0, own_m=1.0))]), draws=10000)
    assert sample.separation.sigma_m == pytest.approx(2**0.5, rel=0.05)


def test_an_animal_under_water_is_held_with_growing_error_and_then_forgotten() -> None:
    boat = craft([point(t, position(0, 0), outline(0, 0)) for t in (0.0, 2.0, 6.0, 7.0)])
    found = samples(boat, animal([point(0.0, position(52, 0)), point(2.0, position(90, 0), observed=False)]))
    assert [s.t_s for s in found] == [0.0, 2.0, 6.0]
    assert [s.animal_age_s for s in found] == [0.0, 2.0, 6.0]
    # Never moved on, not even by the tracker's own coasting.
    assert {round(s.separation.value_m, 6) for s in found} == {50.0}
    widths = [s.separation.interval_95_m.high - s.separation.interval_95_m.low for s in found]
    assert widths[0] < 0.1
    assert widths[1] == pytest.approx(2 * 1.96 * 1.5 * 2.0, rel=0.1)
    assert widths[2] == pytest.approx(3 * widths[1], rel=0.1)


def test_many_hidden_animals_make_no_violation() -> None:
    """Each of sixty might have come nearer; that one of them did is no evidence."""
    boat = craft([point(5.0, position(0, 0), outline(0, 0))])
    ring = [animal([point(0.0, position(58 * np.sin(a), 58 * np.cos(a)))], f"d{i}") for i, a in enumerate(range(60))]
    (sample,) = samples(boat, *ring)
    assert sample.separation.value_m > 54
    assert sample.separation.interval_95_m.high > 54
    assert sample.separation.interval_95_m.low < 50


def test_who_is_measured() -> None:
    dolphin = animal([point(0.0, position(30, 0))])
    assert samples(craft(BOAT.points, state="tentative"), dolphin) == ()
    assert samples(craft(BOAT.points, state="rejected"), dolphin) == ()
    assert samples(BOAT, animal(dolphin.points, state="rejected")) == ()
    assert samples(BOAT, animal(dolphin.points, kind="swimmer")) == ()
    assert len(samples(craft(BOAT.points, state="lost"), animal(dolphin.points, state="lost"))) == 1
    assert len(samples(craft(BOAT.points, kind="jet_ski"), dolphin)) == 1


def test_out_of_reach_and_without_position_there_is_no_sample() -> None:
    assert samples(BOAT, animal([point(0.0, position(2100, 0))])) == ()
    nowhere = NoPosition(reason=PositionAbsence.NO_POSE)
    assert samples(BOAT, animal([point(0.0, nowhere)])) == ()
    assert samples(craft([point(0.0, nowhere)]), animal([point(0.0, position(9, 0))])) == ()


def test_a_coasting_craft_is_marked() -> None:
    boat = craft([point(0.0, position(0, 0), outline(0, 0), observed=False)])
    (sample,) = samples(boat, animal([point(0.0, position(30, 0))]))
    assert not sample.craft_observed


def test_the_pod_is_a_hull_of_three_or_more() -> None:
    pod = [animal([point(0.0, position(e, n))], f"d{e}{n}") for e, n in ((30, -20), (30, 20), (60, 0))]
    (sample,) = samples(BOAT, *pod)
    assert sample.pod is not None
    assert sample.pod.value_m == pytest.approx(28.0)
    assert sample.separation.value_m == pytest.approx(np.hypot(28, 18))
    (few,) = samples(BOAT, *pod[:2])
    assert few.pod is None
    (inside,) = samples(craft([point(0.0, position(40, 0), outline(40, 0))]), *pod)
    assert inside.pod is not None
    assert inside.pod.value_m == 0.0


def test_a_pod_in_a_line_is_no_accident() -> None:
    pod = [animal([point(0.0, position(30, n))], f"d{n}") for n in (0, 10, 20)]
    (sample,) = samples(BOAT, *pod)
    assert sample.pod is not None
    assert sample.pod.value_m == pytest.approx(28.0)


def test_speed_over_ground() -> None:
    times = np.arange(0, 10.1, 0.2)
    moving = [point(t, position(3 * t, 4 * t, 0.2), outline(3 * t, 4 * t)) for t in times]
    found = samples(craft(moving), animal([point(t, position(30, 0)) for t in times]))
    for sample in found:
        assert sample.speed is not None
        assert sample.speed.value_mps == pytest.approx(5.0, abs=1e-3)
        assert sample.speed.course_deg == pytest.approx(36.87, abs=0.1)
        assert sample.speed.baseline_s == pytest.approx(10.0)
        assert sample.speed.interval_95_mps.high - sample.speed.interval_95_mps.low < 0.5


def test_a_scale_error_is_in_the_speed() -> None:
    times = np.arange(0, 6.1, 0.2)
    moving = [point(t, position(5 * t, 0, shared={"focal_length": (0.05 * 5 * t, 0.0)})) for t in times]
    found = samples(craft(moving), animal([point(t, position(30, 9)) for t in times]))[15]
    assert found.speed is not None
    assert found.speed.interval_95_mps.high == pytest.approx(5 * (1 + 1.96 * 0.05), abs=0.05)


def test_a_short_track_has_no_speed() -> None:
    assert samples(BOAT, animal([point(0.0, position(30, 0))]))[0].speed is None


def test_the_same_request_gives_the_same_answer_and_others_do_not_disturb() -> None:
    boat = craft([point(0.0, position(0, 0, 1.0), outline(0, 0, own_m=1.0))])
    dolphin = animal([point(0.0, position(52, 0, 1.0))])
    other = craft([point(0.0, position(900, 0, 1.0))], "v2")
    alone = separate(SeparateRequest(tracks=(boat, dolphin)))
    assert alone == separate(SeparateRequest(tracks=(boat, dolphin)))
    assert separate(SeparateRequest(tracks=(other, boat, dolphin))).series[1] == alone.series[0]


def test_five_milliseconds_a_sample() -> None:
    terms = {source.value: (0.5, 0.3) for source in ErrorSource}
    times = np.arange(0, 10, 0.2)
    boat = craft([point(t, position(t, 0, 0.5, terms), outline(t, 0, own_m=0.5, shared=terms) * 2) for t in times])
    pod = [
        animal([point(t, position(40 + 3 * k, 5 * k, 0.5, terms)) for t in times if t % 3 < 1.5], f"d{k}")
        for k in range(6)
    ]
    request = SeparateRequest(tracks=(boat, *pod))
    separate(request)
    # Processor time, for the machine may be busy with others.
    started = time.process_time()
    count = len(separate(request).series[0].samples)
    assert (time.process_time() - started) / count < 0.010
