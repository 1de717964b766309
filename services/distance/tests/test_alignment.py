"""The offset from the turning of the picture: found within its error, refused where nothing tells it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.joining import PictureTurn, VideoFacts
from wideberth_distance.core.alignment import match, turning_of
from wideberth_distance.core.timeline import Series
from wideberth_distance.core.turning import Angles, predicted

FOCAL, WIDTH, HEIGHT = 1332.5, 1920, 1080
STEP_S = 0.2
NOTHING = Series(np.zeros(0), np.zeros(0))


def angles(seed: int, *, turning: float = 1.0, length_s: float = 60.0, pitch: float = -35.0) -> Angles:
    """A camera that looks round now and then, 10 Hz, written to 0.1 deg, drifting at up to 3 m/s."""
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, length_s, 0.1)
    rate = np.zeros_like(t)
    for start in np.arange(2.0, length_s - 4, 6.0):
        rate += rng.uniform(-12, 12) * np.exp(-(((t - start - rng.uniform(0, 2)) / 1.0) ** 2))
    yaw = turning * np.cumsum(rate) * 0.1
    tilt = pitch + turning * 4 * np.sin(t / rng.uniform(4, 7))
    drift = rng.uniform(-3, 3, 2)
    return Angles(
        yaw=Series(t, np.round(yaw, 1)), pitch=Series(t, np.round(tilt, 1)), roll=NOTHING,
        height=Series(t, np.full_like(t, 75.0)), east=Series(t, drift[0] * t), north=Series(t, drift[1] * t),
        focal_px=FOCAL, pitch_deg=None,
    )  # fmt: skip


def picture(of: Angles, offset_s: float, seed: int, *, stretch: tuple[float, float] = (10.0, 34.0)) -> VideoFacts:
    """What the picture shows of it: 0.05 deg of noise, a swell of 0.1 deg a pair, a lens 5 % longer."""
    rng = np.random.default_rng(seed)
    bare = VideoFacts(file="v", duration_s=40.0, width_px=WIDTH, height_px=HEIGHT)
    from_s = np.arange(stretch[0], stretch[1], STEP_S)
    told, known = predicted(of, from_s - offset_s, from_s + STEP_S - offset_s, bare)
    assert known.all()
    seen = told * np.array([1.05, 1.05, 1.0]) + 0.05 * rng.standard_normal(told.shape) + rng.uniform(-0.1, 0.1, 3)
    pixels = np.radians(seen[:, :2]) * FOCAL
    turns = tuple(
        PictureTurn(from_s=t, to_s=t + STEP_S, right_px=x, down_px=y, clockwise_deg=c)
        for t, (x, y), c in zip(from_s.tolist(), pixels.tolist(), seen[:, 2].tolist(), strict=True)
    )
    return bare.model_copy(update={"turns": turns})


def matched(of: Angles, facts: VideoFacts, low: float = -3.0, high: float = 3.0):
    turning = turning_of(of, facts)
    assert turning is not None
    return match(turning, [(low, high)], 0.1)


@settings(max_examples=25, deadline=None)
@given(offset=st.floats(-2.5, 2.5), seed=st.integers(0, 10_000), pitch=st.sampled_from([-15.0, -35.0, -60.0, -84.0]))
def test_the_offset_is_found_within_its_error(offset: float, seed: int, pitch: float) -> None:
    of = angles(seed, pitch=pitch)
    found = matched(of, picture(of, offset, seed))
    assert found.offset_s is not None, found
    assert found.offset_s.sigma < 0.1
    assert abs(found.offset_s.value - offset) < max(4 * found.offset_s.sigma, 0.06)
    assert found.correlation > 0.9


def test_it_is_found_anywhere_in_a_long_log() -> None:
    of = angles(3, length_s=400.0)
    found = matched(of, picture(of, -251.3, 3), -360.0, 5.0)
    assert found.offset_s is not None
    assert found.offset_s.value == pytest.approx(-251.3, abs=0.05)


@pytest.mark.parametrize("seed", range(8))
def test_another_flight_does_not_fit(seed: int) -> None:
    found = matched(angles(seed), picture(angles(seed + 100), 0.4, seed))
    assert found.offset_s is None
    assert found.correlation < 0.7
    assert found.turning_dps > 1.0


@pytest.mark.parametrize("seed", range(4))
def test_a_camera_that_hardly_turns_tells_nothing(seed: int) -> None:
    of = angles(seed, turning=0.01)
    found = matched(of, picture(of, 0.8, seed))
    assert found.offset_s is None
    assert found.turning_dps < 0.3


def test_an_offset_at_the_rim_of_what_is_allowed_is_not_believed() -> None:
    of = angles(5)
    assert matched(of, picture(of, 2.9, 5), -2.0, 2.0).offset_s is None


def test_boats_and_waves_that_fool_a_tenth_of_the_pairs_do_not_matter() -> None:
    of = angles(6)
    facts = picture(of, -1.2, 6)
    rng = np.random.default_rng(6)
    fooled = tuple(
        turn.model_copy(update={"right_px": turn.right_px + 60.0}) if rng.random() < 0.1 else turn
        for turn in facts.turns
    )
    found = matched(of, facts.model_copy(update={"turns": fooled}))
    assert found.offset_s is not None
    assert found.offset_s.value == pytest.approx(-1.2, abs=0.08)


def test_rows_without_a_heading_are_not_compared() -> None:
    of = angles(7)
    without = Angles(NOTHING, of.pitch, of.roll, of.height, of.east, of.north, FOCAL, None)
    assert turning_of(without, picture(of, 0.0, 7)) is None
