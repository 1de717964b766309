"""What stands along the horizon, and haze in the sky."""

import numpy as np

from wideberth_simulator.geometry import Camera, horizon_dip_rad
from wideberth_simulator.raster import Layers
from wideberth_simulator.shading import Light, sky_haze
from wideberth_simulator.skyline import Strip, cloud_bank, draw_strip, hills

LIGHT = Light(120.0, 40.0, 0.1, 0.0, 50_000.0, 1.0)


def camera() -> Camera:
    return Camera(320, 180, 240.0, 160.0, 90.0, 0.0, 0.0, 60.0, 30.0, -4.0, 0.0)


def cover(strip: Strip) -> np.ndarray:
    layers = Layers.empty(320, 180)
    draw_strip(layers, strip, camera(), 1)
    return layers.over[..., 3]


def horizon_row() -> float:
    return 90.0 - 240.0 * np.tan(np.radians(4.0) - horizon_dip_rad(60.0))


def test_hills_beyond_the_horizon_hide_none_of_the_sea() -> None:
    drawn = cover(hills(np.random.default_rng(2), camera(), LIGHT, 30_000.0))
    assert drawn.max() > 0.5
    assert not drawn[int(np.ceil(horizon_row())) + 1 :].any()


def test_a_near_shore_lies_below_the_horizon() -> None:
    drawn = cover(hills(np.random.default_rng(2), camera(), LIGHT, 2_000.0))
    lowest = int(np.flatnonzero(drawn.max(axis=1) > 0.5).max())
    depression = 60.0 / 2_000.0
    assert abs(lowest - (90.0 - 240.0 * np.tan(np.radians(4.0) - depression))) < 1.5


def test_a_bank_of_cloud_leaves_the_sky_below_it_free() -> None:
    strip = cloud_bank(np.random.default_rng(3), LIGHT)
    drawn = cover(strip)
    assert drawn.max() > 0.3
    assert not drawn[int(horizon_row()) :].any()


def test_haze_thins_out_upwards_and_with_visibility() -> None:
    assert sky_haze(1_000.0, 0.0) > 0.99
    assert sky_haze(50_000.0, 0.0) > sky_haze(50_000.0, 0.1) > 0.0
    assert sky_haze(50_000.0, 0.0) < sky_haze(10_000.0, 0.0)
