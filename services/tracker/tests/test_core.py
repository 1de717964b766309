"""The parts of the core, each against what is known in closed form or by sampling."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_tracker.core.kalman import inverse_2x2, mahalanobis_squared, predict, update
from wideberth_tracker.core.moving import p_faster
from wideberth_tracker.core.overlap import iou, share_inside
from wideberth_tracker.core.shift import ShiftEvidence

finite = st.floats(-50, 50)


def cov2(a, b, angle):
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return turn @ np.diag([a, b]) @ turn.T


covs = st.builds(cov2, st.floats(0.01, 30), st.floats(0.01, 30), st.floats(0, 3.1))


@given(cov=covs, x=finite, y=finite)
def test_closed_forms_agree_with_linear_algebra(cov, x, y):
    offset = np.array([x, y])
    assert inverse_2x2(cov) == pytest.approx(np.linalg.inv(cov), rel=1e-6, abs=1e-9)
    squared, determinant = mahalanobis_squared(offset, cov)
    assert squared == pytest.approx(offset @ np.linalg.inv(cov) @ offset, rel=1e-6, abs=1e-9)
    assert determinant == pytest.approx(np.linalg.det(cov), rel=1e-6)


def test_two_short_steps_are_one_long_step():
    mean, cov = np.array([[1.0, 2.0, 3.0, -1.0]]), np.diag([1.0, 2.0, 0.5, 0.3])[None]
    noise, memory = np.array([0.7]), np.array([1e6])
    once = predict(mean, cov, 0.9, noise, memory)
    twice = predict(*predict(mean, cov, 0.35, noise, memory), 0.55, noise, memory)
    for one, two in zip(once, twice, strict=True):
        assert two == pytest.approx(one, rel=1e-5)


def test_update_weighs_by_information():
    mean, cov = np.array([[0.0, 0.0, 0.0, 0.0]]), np.eye(4)[None]
    moved, spread = update(mean, cov, np.array([[2.0, 0.0]]), np.eye(2)[None])
    assert moved[0, 0] == pytest.approx(1.0)
    assert spread[0, 0, 0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("velocity", "cov"),
    [
        pytest.param((0.0, 0.0), cov2(0.04, 0.04, 0), id="still and known"),
        pytest.param((0.6, 0.2), cov2(0.09, 0.01, 0.7), id="near the threshold"),
        pytest.param((0.2, -0.1), cov2(9.0, 0.001, 1.2), id="long thin error"),
        pytest.param((3.0, 1.0), cov2(0.1, 0.2, 0.3), id="fast"),
    ],
)
def test_chance_of_moving_agrees_with_draws(velocity, cov):
    draws = np.random.default_rng(0).multivariate_normal(velocity, cov, 200_000)
    share = (np.linalg.norm(draws, axis=1) > 0.5).mean()
    assert p_faster(np.array([velocity]), cov[None], 0.5)[0] == pytest.approx(share, abs=0.004)


def test_share_inside_of_a_cabin_in_its_boat():
    boat, cabin, other = (100, 100, 80, 20, 0.6), (105, 103, 20, 10, 0.6), (400, 100, 80, 20, 0.0)
    share = share_inside(np.array([boat, cabin, other], dtype=float))
    assert share[1, 0] == 1.0
    assert share[0, 1] == pytest.approx(20 * 10 / (80 * 20), abs=0.05)
    assert share[0, 2] == share[2, 0] == 0.0


def test_overlap_of_known_boxes():
    first = np.array([[0.0, 0.0, 2.0, 2.0]])
    second = np.array([[1.0, 0.0, 3.0, 2.0], [0.0, 0.0, 2.0, 2.0], [5.0, 5.0, 6.0, 6.0]])
    assert iou(first, second)[0] == pytest.approx([1 / 3, 1.0, 0.0])


def test_a_shift_all_share_is_found_and_one_mover_is_not_robbed_of_its_motion():
    """Five things in a frame that trembled by (1, -2); the first moved by 3 of its own."""
    residuals = np.tile([1.0, -2.0], (5, 1)) + np.array([[3.0, 0.0]] + [[0.0, 0.0]] * 4)
    basis = np.tile(3 * np.eye(2), (5, 1, 1))
    evidence = ShiftEvidence.of(residuals, np.tile(0.01 * np.eye(2), (5, 1, 1)), basis, np.ones(5))
    shift, cov = evidence.without_each()
    assert residuals[0] - shift[0] == pytest.approx([3.0, 0.0], abs=0.01)
    assert cov[0, 0, 0] < 0.01


def test_a_single_track_keeps_its_motion_and_gains_doubt():
    basis = 3 * np.eye(2)[None]
    evidence = ShiftEvidence.of(np.array([[1.0, 1.0]]), 0.01 * np.eye(2)[None], basis, np.ones(1))
    shift, cov = evidence.without_each()
    assert shift[0] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert cov[0] == pytest.approx(9 * np.eye(2))
