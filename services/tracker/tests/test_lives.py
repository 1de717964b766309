"""Births, confirmations, gaps, losses and ends of tracks, one situation each."""

import math

import numpy as np
import pytest

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import Track, TrackRequest, TrackSettings, TrackState
from wideberth_tracker.core.track import track
from wideberth_tracker.trials.scenes import line
from wideberth_tracker.trials.sea import Camera, Mover, observe

TIMES = np.arange(0.0, 30.0, 0.2)
STILL = Camera(trembles=0.02, drifts=0.0)


def mover(name="boat", kind=ObjectKind.VESSEL, start=(0.0, 150.0), speed=(0.0, 0.0), length=9.0, hidden=(), **more):
    """An object on a straight path, hidden during the given spans of time."""
    shown = np.ones(len(TIMES))
    for low, high in hidden:
        shown[(low <= TIMES) & (high > TIMES)] = 0
    return Mover(name, kind, length, line(TIMES, start, speed), shown, seen_share=1.0, **more)


def strong(frames, confidence=0.9):
    """The same frames with every detection of one confidence."""

    def sure(item):
        return item.model_copy(update={"detection": item.detection.model_copy(update={"confidence": confidence})})

    return tuple(frame.model_copy(update={"detections": tuple(map(sure, frame.detections))}) for frame in frames)


def follow(*movers, frames=None, final=True, **settings) -> dict[str, Track]:
    frames = frames if frames is not None else strong(observe(movers, TIMES, STILL, 0).frames)
    request = TrackRequest(frames=frames, final=final, settings=TrackSettings(**settings))
    return {part.id: part for part in track(request).tracks}


def test_a_track_is_tentative_until_it_was_seen_three_times():
    frames = strong(observe([mover()], TIMES, STILL, 0).frames)
    states = [follow(frames=frames[:count], final=False)["v1"].state for count in (1, 2, 3)]
    assert states == [TrackState.TENTATIVE, TrackState.TENTATIVE, TrackState.CONFIRMED]


def test_two_flashes_are_rejected_and_the_reason_names_numbers():
    tracks = follow(mover(hidden=((0.4, 30.0),)))
    assert tracks["v1"].state is TrackState.REJECTED
    assert tracks["v1"].rejection == "never seen surely 3 in 2 s (at least 0.4 each)"


def test_slow_confirmations_do_not_add_up():
    """Seen three times, but within 5 s, not 2."""
    tracks = follow(mover(hidden=((0.2, 1.8), (2.0, 3.6), (3.8, 30.0))))
    assert {part.state for part in tracks.values()} == {TrackState.REJECTED}


def test_weak_boxes_alone_begin_nothing():
    frames = strong(observe([mover()], TIMES, STILL, 0).frames, confidence=0.3)
    assert follow(frames=frames) == {}


def test_weak_boxes_carry_a_track_on():
    frames = strong(observe([mover()], TIMES, STILL, 0).frames)
    weak = strong(frames, confidence=0.2)
    tracks = follow(frames=frames[:10] + weak[10:])
    assert len(tracks) == 1
    assert all(point.observed for point in tracks["v1"].points)


def test_a_gap_is_bridged_by_unseen_points_with_growing_error():
    tracks = follow(mover(speed=(1.0, -2.0), hidden=((10.0, 14.0),)))
    assert len(tracks) == 1
    unseen = [point for point in tracks["v1"].points if not point.observed]
    errors = [point.position.own.north_north for point in unseen]
    assert len(unseen) == 20
    assert errors == sorted(errors)
    truth = 150.0 - 2.0 * 13.8
    bias = tracks["v1"].points[45].position.north_m - (150.0 - 2.0 * 9.0)
    assert unseen[-1].position.north_m - bias == pytest.approx(truth, abs=3.0)


def test_a_boat_given_up_is_taken_up_again_where_it_is_expected():
    tracks = follow(mover(speed=(0.0, 2.0), hidden=((8.0, 18.0),)))
    assert list(tracks) == ["v1"]
    assert tracks["v1"].state is TrackState.LOST  # at the end of the video
    times = [point.t_s for point in tracks["v1"].points]
    assert max(np.diff(times)) == pytest.approx(5.0, abs=0.5)  # no points between loss and return


def test_another_boat_elsewhere_is_not_taken_for_one_given_up():
    first = mover(hidden=((8.0, 30.0),))
    second = mover("other", start=(60.0, 260.0), hidden=((0.0, 18.0),))
    assert len([part for part in follow(first, second).values() if part.state is TrackState.LOST]) == 2


def test_a_dolphin_that_dives_for_six_seconds_keeps_its_id():
    dolphin = mover("d", ObjectKind.DOLPHIN, (0.0, 100.0), (0.8, 0.0), 2.5, hidden=((6.0, 12.0), (15.0, 20.0)))
    assert [(part.id, part.state) for part in follow(dolphin).values()] == [("d1", TrackState.LOST)]


def test_a_dolphin_away_for_longer_than_the_setting_is_another_one():
    dolphin = mover("d", ObjectKind.DOLPHIN, (0.0, 100.0), (0.8, 0.0), 2.5, hidden=((6.0, 12.0),))
    assert sorted(follow(dolphin, animal_lost_after_s=3.0, dive_s=4.0)) == ["d1", "d2"]


@pytest.mark.parametrize(("dive_s", "speed"), [(5.0, 2.5), (12.0, 2.0), (20.0, 1.5), (30.0, 1.0)])
def test_a_dolphin_keeps_its_id_over_a_dive_and_the_point_says_how_long_it_was(dive_s: float, speed: float):
    hidden = ((6.0, 6.0 + dive_s),)
    times = np.arange(0.0, 12.0 + dive_s, 0.2)
    shown = np.where((times >= 6.0) & (times < 6.0 + dive_s), 0.0, 1.0)
    path = line(times, (-20.0, 140.0), (speed, 0.3))
    dolphin = Mover("d", ObjectKind.DOLPHIN, 2.5, path, shown, 1.0)
    tracks = follow(frames=strong(observe([dolphin], times, STILL, 0).frames))
    assert list(tracks) == ["d1"], hidden
    back = [point for point in tracks["d1"].points if point.observed and point.coasting_s > 0]
    assert [point.coasting_s for point in back] == [pytest.approx(dive_s, abs=0.5)]
    unseen = [point for point in tracks["d1"].points if not point.observed]
    assert [point.coasting_s for point in unseen] == sorted(point.coasting_s for point in unseen)
    assert unseen[-1].coasting_s <= 8.3


def test_an_animal_that_surfaces_where_no_dolphin_can_swim_is_another_one():
    first = mover("a", ObjectKind.DOLPHIN, (0.0, 100.0), (0.5, 0.0), 2.5, hidden=((8.0, 30.0),))
    other = mover("b", ObjectKind.DOLPHIN, (60.0, 330.0), (0.5, 0.0), 2.5, hidden=((0.0, 20.0),))
    assert sorted(follow(first, other)) == ["d1", "d2"]


def test_a_cabin_inside_its_boat_begins_no_second_track():
    tracks = follow(mover(speed=(0.0, -2.0), repeats=0.9))
    assert list(tracks) == ["v1"]


def test_kinds_of_craft_may_flip_and_the_surer_one_names_the_track():
    frames = list(strong(observe([mover()], TIMES, STILL, 0).frames))
    for index in range(0, len(frames), 3):
        (item,) = frames[index].detections
        flipped = item.detection.model_copy(update={"kind": ObjectKind.JET_SKI, "confidence": 0.5})
        frames[index] = frames[index].model_copy(
            update={"detections": (item.model_copy(update={"detection": flipped}),)}
        )
    tracks = follow(frames=tuple(frames))
    assert [(part.id, part.kind) for part in tracks.values()] == [("v1", ObjectKind.VESSEL)]


def test_a_swimmer_beside_a_dolphin_is_another_track():
    place = {"start": (0.0, 80.0), "length": 2.0}
    tracks = follow(mover("s", ObjectKind.SWIMMER, **place), mover("d", ObjectKind.DOLPHIN, **place))
    assert sorted(tracks) == ["d1", "s1"]


def test_failed_frames_are_carried_over_and_count_against_nobody():
    frames = list(strong(observe([mover(speed=(1.0, 0.0))], TIMES, STILL, 0).frames))
    for index in range(20, 60):
        frames[index] = frames[index].model_copy(update={"detections": (), "failure": "the decoder gave up"})
    tracks = follow(frames=tuple(frames))  # 8 s blind, beyond lost_after_s
    assert list(tracks) == ["v1"]
    assert sum(not point.observed for point in tracks["v1"].points) == 40


def test_missing_frames_and_jitter_in_time_leave_the_speed_right():
    rng = np.random.default_rng(5)
    times = np.sort(rng.choice(np.arange(0, 30, 1 / 29.97), 90, replace=False))
    boat = Mover("boat", ObjectKind.VESSEL, 9.0, line(times, (-40.0, 150.0), (3.0, 0.0)), np.ones(90), 1.0)
    tracks = follow(frames=strong(observe([boat], times, STILL, 0).frames))
    last = tracks["v1"].points[-1]
    assert math.hypot(last.velocity.east_mps, last.velocity.north_mps) == pytest.approx(3.0, abs=0.6)
    assert last.p_moving > 0.99


def test_a_boat_at_rest_is_not_called_moving_and_a_new_one_is_not_judged():
    points = follow(mover())["v1"].points
    assert points[0].p_moving is None
    assert points[-1].p_moving < 0.3


def test_a_boat_that_brakes_and_starts_again_is_one_track_and_so_is_a_circling_jet_ski():
    speeds = np.interp(TIMES, [0, 8, 16, 22, 28], [9, 9, 0, 0, 6])
    path = np.stack([np.full_like(TIMES, 5.0), 330 - np.cumsum(speeds * 0.2)], axis=1)
    turn = 0.3 * TIMES
    circle = np.stack([-40 + 40 * np.cos(turn), 220 + 40 * np.sin(turn)], axis=1)
    shown = np.ones(len(TIMES))
    boat = Mover("boat", ObjectKind.VESSEL, 12.0, path, shown, 0.8, ((10.0, 12.5),))
    ski = Mover("ski", ObjectKind.JET_SKI, 3.0, circle, shown, 0.8, ((20.0, 22.0),))
    tracks = follow(boat, ski)
    assert sorted(part.kind for part in tracks.values()) == [ObjectKind.JET_SKI, ObjectKind.VESSEL]
    by_kind = {part.kind: {round(point.t_s, 1): point for point in part.points} for part in tracks.values()}
    assert by_kind[ObjectKind.VESSEL][21.8].p_moving < 0.7
    assert by_kind[ObjectKind.VESSEL][28.0].p_moving > 0.99
    assert by_kind[ObjectKind.JET_SKI][15.0].p_moving > 0.99


def test_length_is_the_median_of_the_sightings_and_cabins_do_not_shrink_it():
    length = follow(mover(repeats=0.3))["v1"].length_m
    assert length.value == pytest.approx(9.0, rel=0.06)
    assert 0.2 < length.sigma < 1.5


def test_the_hull_moves_with_the_track():
    corner = Position(east_m=2.0, north_m=3.0, own={"east_east": 0.1, "east_north": 0.0, "north_north": 0.1})
    frames = []
    for frame in strong(observe([mover(speed=(2.0, 0.0), hidden=((20.0, 30.0),))], TIMES, STILL, 0).frames):
        items = []
        for item in frame.detections:
            place = item.position
            own = corner.model_copy(update={"east_m": place.east_m + 2.0, "north_m": place.north_m + 3.0})
            items.append(item.model_copy(update={"outline": (own,)}))
        frames.append(frame.model_copy(update={"detections": tuple(items)}))
    points = follow(frames=tuple(frames))["v1"].points
    for point in points:
        (moved,) = point.outline
        assert (moved.east_m - point.position.east_m, moved.north_m - point.position.north_m) == pytest.approx((2, 3))
    assert not points[-1].observed
    assert points[-1].outline[0].own.east_east > points[50].outline[0].own.east_east


def with_latitude(item):
    place = item.position
    degrees = {"latitude": 33.2 + place.north_m / 110_900, "longitude": 126.3 + place.east_m / 93_270}
    return item.model_copy(update={"position": place.model_copy(update=degrees)})


def test_latitude_follows_the_filter():
    frames = tuple(
        frame.model_copy(update={"detections": tuple(map(with_latitude, frame.detections))})
        for frame in strong(observe([mover(speed=(2.0, 0.0))], TIMES, STILL, 0).frames)
    )
    for point in follow(frames=frames)["v1"].points[20:]:
        place = point.position
        assert (place.latitude - 33.2) * 110_900 == pytest.approx(place.north_m, abs=0.05)
        assert (place.longitude - 126.3) * 93_270 == pytest.approx(place.east_m, abs=0.05)


def test_positions_that_fail_for_a_while_leave_the_track_whole():
    with_metres = strong(observe([mover(speed=(1.0, 0.0))], TIMES, STILL, 0).frames)
    without = strong(observe([mover(speed=(1.0, 0.0))], TIMES, Camera(has_pose=False), 0).frames)
    tracks = follow(frames=with_metres[:40] + without[40:100] + with_metres[100:])
    assert list(tracks) == ["v1"]
    kinds = [point.position.type for point in tracks["v1"].points]
    assert set(kinds[:50]) == {"position"}  # predicted for the first seconds
    assert kinds[90] == "no_position"  # too long ago
    assert kinds[-1] == "position"


def test_the_end_closes_every_track():
    frames = strong(observe([mover()], TIMES, STILL, 0).frames)
    answer = track(TrackRequest(frames=frames, final=True))
    assert {part.state for part in answer.tracks} == {TrackState.LOST}
    assert track(TrackRequest(frames=(), memory=answer.memory, final=True)).tracks == ()
