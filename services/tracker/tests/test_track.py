"""The verb as a whole, on the numerical sea."""

from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.errors import BadInput
from wideberth_contracts.tracks import Track, TrackAnswer, TrackerMemory, TrackRequest, TrackState
from wideberth_tracker.core.track import track
from wideberth_tracker.trials.scenes import SCENES, approach, crossing, no_telemetry, pod
from wideberth_tracker.trials.sea import Trial


def run(trial: Trial, cuts: tuple[int, ...] = ()) -> dict[str, Track]:
    """Tracks by id, joined over requests cut at these frames."""
    bounds = [0, *sorted(set(cuts)), len(trial.frames)]
    memory: TrackerMemory | None = None
    joined: dict[str, Track] = {}
    for low, high in pairwise(bounds):
        answer = track(TrackRequest(frames=trial.frames[low:high], memory=memory, final=high == bounds[-1]))
        memory = answer.memory
        join(joined, answer)
    return joined


def join(joined: dict[str, Track], answer: TrackAnswer) -> None:
    for part in answer.tracks:
        earlier = joined[part.id].points if part.id in joined else ()
        joined[part.id] = part.model_copy(update={"points": earlier + part.points})


def names_of(trial: Trial, part: Track) -> Counter[str | None]:
    origin = {frame.frame.pts: names for frame, names in zip(trial.frames, trial.origins, strict=True)}
    return Counter(origin[point.pts][point.detection] for point in part.points if point.detection is not None)


def ids_by_object(trial: Trial) -> dict[str | None, set[str]]:
    found = defaultdict(set)
    for part in run(trial).values():
        if part.state is TrackState.LOST:
            for name in names_of(trial, part):
                found[name].add(part.id)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_an_approaching_boat_is_one_track(seed):
    trial = approach(seed)
    kept = [part for part in run(trial).values() if part.state is TrackState.LOST]
    assert [part.id[0] for part in kept] == ["v"]
    assert names_of(trial, kept[0])["boat"] > 100


@pytest.mark.parametrize("seed", range(2))
def test_boats_that_cross_keep_their_ids(seed):
    found = ids_by_object(crossing(seed))
    assert all(len(found[name]) == 1 for name in "abc")
    assert len(set.union(*(found[name] for name in "abc"))) == 3


@pytest.mark.parametrize("seed", range(2))
def test_boats_beside_a_pod_do_not_break_and_are_no_animals(seed):
    found = ids_by_object(pod(seed))
    assert [len(found[name]) for name in ("boat", "still")] == [1, 1]
    assert {next(iter(found[name]))[0] for name in ("boat", "still")} == {"v"}


def test_without_telemetry_there_are_tracks_but_no_metres():
    kept = [part for part in run(no_telemetry(0)).values() if part.state is TrackState.LOST]
    assert len(kept) >= 7
    points = [point for part in kept for point in part.points]
    assert {point.position.type for point in points} == {"no_position"}
    assert all(point.velocity is None and point.p_moving is None for point in points)


SCENE = {name: scene(1) for name, scene in SCENES.items() if name != "regatta"}


@settings(max_examples=8, deadline=None)
@given(name=st.sampled_from(sorted(SCENE)), cuts=st.lists(st.integers(1, 190), max_size=6))
def test_any_cutting_gives_the_same_tracks(name, cuts):
    trial = SCENE[name]
    short = Trial(trial.times_s[:80], trial.frames[:80], trial.origins[:80], trial.movers)
    assert run(short, tuple(cut for cut in cuts if cut < 80)) == run(short)


def test_two_interleaved_streams_equal_each_alone():
    first, second = SCENE["pod"], SCENE["crossing"]
    memories: list[TrackerMemory | None] = [None, None]
    joined: list[dict[str, Track]] = [{}, {}]
    for index in range(0, 80, 10):
        for which, trial in enumerate((first, second)):
            frames = trial.frames[index : index + 10]
            answer = track(TrackRequest(frames=frames, memory=memories[which], final=index == 70))
            memories[which] = answer.memory
            join(joined[which], answer)
    for which, trial in enumerate((first, second)):
        assert joined[which] == run(Trial(trial.times_s[:80], trial.frames[:80], trial.origins[:80], trial.movers))


def test_the_same_request_has_the_same_answer():
    request = TrackRequest(frames=SCENE["pod"].frames[:40])
    assert track(request) == track(request)


def test_frames_out_of_order_are_refused_by_name():
    frames = SCENE["crossing"].frames
    with pytest.raises(BadInput, match="comes after"):
        track(TrackRequest(frames=(frames[3], frames[2])))


@pytest.mark.parametrize(
    "memory",
    [
        pytest.param(TrackerMemory(version="0", payload="{}"), id="another version"),
        pytest.param(TrackerMemory(version="1", payload="{"), id="cut off"),
        pytest.param(TrackerMemory(version="1", payload='{"tracks": [{"number": "x"}]}'), id="wrong field"),
    ],
)
def test_a_bad_memory_is_refused(memory):
    with pytest.raises(BadInput, match="memory"):
        track(TrackRequest(frames=(), memory=memory))
