"""Waves of hulls and rings against what theory says of them."""

import math

import numpy as np
import pytest

from wideberth_simulator.made_waves import HullWaves, RingWaves, made_slopes

HULL = HullWaves(0.0, 0.0, 0.0, 5.0, 6.0, 0.15)


def grid(step_m: float, half_m: float = 60.0):
    axis = np.arange(-half_m, half_m, step_m, dtype=np.float32)
    return np.meshgrid(axis, axis)


def test_hull_waves_stay_inside_kelvins_wedge_and_astern():
    east, north = grid(0.4)
    slopes = np.hypot(*np.moveaxis(made_slopes((HULL,), east, north, 0.05), 2, 0))
    astern = 0.45 * HULL.length_m - north
    outside = (astern <= 0) | (np.abs(east) > astern * math.tan(math.asin(1 / 3)) + 0.5)
    assert slopes[outside].max() == 0.0
    assert 0.02 < slopes.max() < 3 * HULL.slope


def test_waves_behind_the_hull_are_as_long_as_deep_water_waves_of_its_speed():
    north = np.arange(-120.0, -30.0, 0.05, dtype=np.float32)[None]
    rise = made_slopes((HULL,), np.full_like(north, 0.02), north, 0.05)[0, :, 1]
    spectrum = np.abs(np.fft.rfft(rise * np.hanning(len(rise)), 1 << 16))
    wave_m = 1.0 / (np.fft.rfftfreq(1 << 16, 0.05)[spectrum.argmax()])
    assert wave_m == pytest.approx(2 * math.pi * HULL.speed_mps**2 / 9.81, rel=0.1)


def test_rings_run_out_from_their_point_and_die_away():
    east, north = grid(0.1, 12.0)
    slopes = made_slopes((RingWaves(1.0, 2.0, 3.0, 0.8, 0.1),), east, north, 0.1)
    size = np.hypot(slopes[..., 0], slopes[..., 1])
    de, dn = east - 1.0, north - 2.0
    assert np.abs(slopes[..., 0] * dn - slopes[..., 1] * de).max() < 1e-4
    assert size[np.hypot(de, dn) > 11.0].max() < 0.005
    assert 0.03 < size.max() < 0.15
