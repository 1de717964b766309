"""Returns among false alarms, the shake of an unmeasured camera, and what is set aside."""

import numpy as np
import pytest

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.tracks import TrackRequest
from wideberth_tracker.core.memory import Memory
from wideberth_tracker.core.mot import MotBox, track_mot
from wideberth_tracker.core.shift import ShiftEvidence
from wideberth_tracker.core.track import track
from wideberth_tracker.trials.scenes import SCENES, crossing, line, pod
from wideberth_tracker.trials.sea import Camera, Mover, observe

FPS = 25.0


def boxes(frames, place, seed=0, jitter=1.0):
    rng = np.random.default_rng(seed)
    return [MotBox(f, -1, *(np.array(place(f)) + rng.normal(0, jitter, 2)).tolist(), 60.0, 30.0, 0.8) for f in frames]


def alarms(frames, seed, density=1.0):
    rng = np.random.default_rng(seed)
    return [
        MotBox(f, -1, *(rng.uniform(0, 1, 2) * (1800, 1000)).tolist(), 60.0, 30.0, float(rng.uniform(0.2, 0.75)))
        for f in frames
        for _ in range(rng.poisson(density))
    ]


@pytest.mark.parametrize("seed", range(4))
def test_a_gap_among_false_alarms_does_not_lose_the_object(seed: int) -> None:
    def place(frame):
        return 600.0 + 2 * frame, 500.0

    seen = boxes([*range(1, 80), *range(115, 200)], place, seed)
    found = track_mot([*seen, *alarms(range(1, 200), seed)], FPS)
    own = [b for b in found if abs(b.left_px - place(b.frame)[0]) < 12 and abs(b.top_px - 500) < 12]
    before = {b.identity for b in own if b.frame < 80}
    after = {b.identity for b in own if b.frame >= 120}
    assert before == after
    assert len(after) == 1


def test_without_false_alarms_nothing_is_on_trial() -> None:
    seen = boxes([*range(1, 80), *range(115, 200)], lambda f: (600.0 + 2 * f, 500.0))
    found = track_mot(seen, FPS)
    assert len(found) == len(seen)
    assert {box.identity for box in found} == {1}


def test_detections_are_points_or_set_aside() -> None:
    for trial in (pod(3), crossing(3)):
        answer = track(TrackRequest(frames=trial.frames[:100], final=True))
        given = sum(len(frame.detections) for frame in trial.frames[:100])
        held = sum(point.observed for item in answer.tracks for point in item.points)
        aside = answer.set_aside
        assert given == held + aside.weak + aside.repeats + aside.on_trial
        assert aside.weak > 0


def test_every_cut_sets_aside_the_same() -> None:
    frames = pod(5).frames[:140]
    whole = track(TrackRequest(frames=frames, final=True)).set_aside
    first = track(TrackRequest(frames=frames[:70]))
    second = track(TrackRequest(frames=frames[70:], memory=first.memory, final=True))
    assert whole.weak == first.set_aside.weak + second.set_aside.weak
    assert whole.on_trial == first.set_aside.on_trial + second.set_aside.on_trial


@pytest.mark.parametrize(("apart_m", "angle_deg"), [(6.0, 180.0), (10.0, 90.0), (8.0, 40.0)])
@pytest.mark.parametrize("seed", range(3))
def test_vessels_that_cross_keep_their_ids(apart_m: float, angle_deg: float, seed: int) -> None:
    times = np.arange(0.0, 40.0, 0.2)
    angle = np.radians(angle_deg)
    other = 3.0 * np.array([np.sin(angle + np.pi / 2), np.cos(angle + np.pi / 2)])
    paths = {
        "a": line(times, (-60.0, 160.0), (3.0, 0.0)),
        "b": line(times, (-20 * other[0], 160.0 + apart_m - 20 * other[1]), (other[0], other[1])),
    }
    movers = [Mover(n, ObjectKind.VESSEL, 8.0, path, np.ones(len(times)), 0.85) for n, path in paths.items()]
    trial = observe(movers, times, Camera(), seed)
    names = {frame.frame.pts: origin for frame, origin in zip(trial.frames, trial.origins, strict=True)}
    for item in track(TrackRequest(frames=trial.frames, final=True)).tracks:
        owners = {names[p.pts][p.detection] for p in item.points if p.detection is not None}
        assert len(owners) == 1, item.id


def test_dives_of_five_to_thirty_seconds_keep_most_identities() -> None:
    kept = 0
    for seed in range(2):
        tracks = track(TrackRequest(frames=SCENES["dives"](seed).frames, final=True)).tracks
        dolphins = [item for item in tracks if item.kind is ObjectKind.DOLPHIN and item.rejection is None]
        kept += 4 - (len(dolphins) - 1)
    assert kept >= 6  # of 8 dives


def test_a_vote_taken_back_is_as_if_it_had_not_been_given() -> None:
    rng = np.random.default_rng(0)
    residuals, basis = rng.normal(size=(4, 2)), rng.normal(size=(4, 2, 7))
    covs = np.tile(np.eye(2), (4, 1, 1)) + 0.2 * np.ones((2, 2))
    trusted = np.array([1.0, 1.0, 0.0, 1.0])
    moved, spread = ShiftEvidence.of(residuals, covs, basis, trusted).without_each()
    for leave in range(4):
        others = [i for i in range(4) if i != leave]
        rest = ShiftEvidence.of(residuals[others], covs[others], basis[others], trusted[others])
        mean, cov = rest.effect(basis[leave : leave + 1])
        assert moved[leave] == pytest.approx(mean[0])
        assert spread[leave] == pytest.approx(cov[0])


def test_a_steady_camera_is_learnt() -> None:
    from wideberth_contracts.tracks import TrackSettings
    from wideberth_tracker.core.mot import WIDTH_PX, _sightings
    from wideberth_tracker.core.step import Moment, step

    memory = Memory()
    for frame in range(1, 150):
        found = [boxes([frame], lambda f, i=i: (300.0 * i + f, 400.0), 10 * frame + i)[0] for i in range(1, 4)]
        step(memory, Moment(frame / FPS, WIDTH_PX, _sightings(found), None), TrackSettings())
    assert memory.shake < 0.5
