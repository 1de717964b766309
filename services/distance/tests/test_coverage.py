"""Intervals against made truth with realistic telemetry errors, with and without clues."""

import pytest

from wideberth_distance.trials.coverage import NEAR_LIMIT, Scenes, covered_share, false_inside_share, run_trials
from wideberth_distance.trials.flights import Known


def test_intervals_hold_the_truth() -> None:
    trials = run_trials(120, seed=5, draws=500)
    # 95 % of 120 within three standard errors.
    assert 0.89 <= covered_share(trials) <= 1.0
    assert false_inside_share(trials) <= 0.05


def test_clues_narrow_the_interval_and_it_still_holds() -> None:
    near = Scenes(height_m=(60, 100), pitch_deg=(-30, -15), range_m=(0, 200), apart_m=(20, 100), nadir_share=0)
    raw, known = (run_trials(60, seed=8, draws=400, scenes=near, known=each) for each in (Known.RAW, Known.LENGTH))
    widths = [
        sum((t.said.interval_95_m.high - t.said.interval_95_m.low) / max(t.truth_m, 1.0) for t in trials)
        for trials in (raw, known)
    ]
    assert widths[1] < 0.6 * widths[0]
    assert covered_share(known) >= 0.86


@pytest.mark.slow
@pytest.mark.parametrize("known", list(Known))
def test_intervals_hold_the_truth_over_many_scenes(known: Known) -> None:
    trials = run_trials(1000, seed=6, known=known)
    assert 0.93 <= covered_share(trials) <= 0.98
    near = run_trials(400, seed=7, known=known, scenes=NEAR_LIMIT)
    assert false_inside_share(near) <= 0.04
