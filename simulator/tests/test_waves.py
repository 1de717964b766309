"""The sea has the slopes Cox and Munk measured, and moves as waves do."""

import numpy as np
import pytest

from wideberth_simulator.waves import GRID_SIZE, cox_munk_slope_variance, make_sea


@pytest.mark.parametrize("wind_mps", [2.0, 5.0, 9.0])
def test_resolved_slopes_stay_below_total(wind_mps):
    sea = make_sea(wind_mps, 45.0, np.random.default_rng(3))
    resolved = float(sea.level_variance[:, 0].sum())
    total = cox_munk_slope_variance(wind_mps)
    assert 0.55 * total < resolved < 0.80 * total
    assert np.all(np.diff(sea.level_variance, axis=1) <= 1e-9)


def test_same_seed_same_sea_and_time_moves_it():
    a = make_sea(5.0, 45.0, np.random.default_rng(3))
    b = make_sea(5.0, 45.0, np.random.default_rng(3))
    for x, y in zip(a.slopes(2.0), b.slopes(2.0), strict=True):
        assert np.array_equal(x, y)
    assert not np.allclose(a.slopes(2.0)[1], a.slopes(2.5)[1])


def test_one_wave_travels_at_its_phase_speed_downwind():
    sea = make_sea(5.0, 90.0, np.random.default_rng(1))
    grid = sea.grids[0]
    h = np.zeros_like(grid.h_pos)
    i, j = 0, 6
    h[i, j] = 0.01
    from dataclasses import replace

    one = replace(grid, h_pos=h, h_neg=np.conj(np.roll(h[::-1, ::-1], 1, axis=(0, 1))))
    speed = grid.omega[i, j] / np.hypot(grid.kx[i, j], grid.ky[i, j])
    length = 2 * np.pi / np.hypot(grid.kx[i, j], grid.ky[i, j])
    early = one.slopes(0.0)[: GRID_SIZE**2, 0].reshape(GRID_SIZE, GRID_SIZE)
    late = one.slopes(float(length / speed / 4))[: GRID_SIZE**2, 0].reshape(GRID_SIZE, GRID_SIZE)
    quarter = length / 4 / (grid.side_m / GRID_SIZE)
    moved = np.roll(early, round(quarter), axis=1)
    assert np.corrcoef(moved.ravel(), late.ravel())[0, 1] > 0.99
