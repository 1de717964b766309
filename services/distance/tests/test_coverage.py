"""Intervals against made truth with realistic telemetry errors."""

import pytest

from wideberth_distance.trials.coverage import covered_share, false_inside_share, run_trials


def test_intervals_hold_the_truth() -> None:
    trials = run_trials(150, seed=5, draws=500)
    # 95 % of 150 within three standard errors.
    assert 0.89 <= covered_share(trials) <= 1.0
    assert false_inside_share(trials) <= 0.05


@pytest.mark.slow
def test_intervals_hold_the_truth_over_many_scenes() -> None:
    trials = run_trials(1500, seed=6)
    assert 0.93 <= covered_share(trials) <= 0.98
    near = run_trials(600, seed=7, only_near_limit=True)
    assert false_inside_share(near) <= 0.05
