"""Tiles: nothing of the frame is left out, and what the network sees is the frame's own pixels."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_contracts.detections import Tiling
from wideberth_detector.core.levels import Levels
from wideberth_detector.core.tiling import (
    OVERLAP_PX,
    PAD_VALUE,
    STRIDE_PX,
    InnerSides,
    Tile,
    network_input,
    plan_tiles,
    to_stride,
)


@given(
    st.integers(1, 5000),
    st.integers(1, 3000),
    st.sampled_from([Tiling.AUTO, Tiling.FULL]),
    st.sampled_from([None, (640, 640), (384, 640)]),
)
def test_tiles_cover_the_frame_at_full_size(width, height, tiling, fixed):
    tiles = plan_tiles(width, height, tiling, fixed)
    columns = sorted({(tile.x_px, tile.width_px) for tile in tiles})
    rows = sorted({(tile.y_px, tile.height_px) for tile in tiles})
    assert len(tiles) == len(columns) * len(rows)
    for spans, length in ((columns, width), (rows, height)):
        assert spans[0][0] == 0
        assert sum(spans[-1]) == length
        for (start, side), (following, _) in itertools.pairwise(spans):
            assert start + side - following >= OVERLAP_PX
    for tile in tiles:
        assert tile.scale == 1.0
        assert tile.width_px <= tile.input_width_px
        assert tile.height_px <= tile.input_height_px
        assert tile.input_width_px % STRIDE_PX == tile.input_height_px % STRIDE_PX == 0
        if fixed:
            assert (tile.input_height_px, tile.input_width_px) == fixed


def test_a_small_frame_goes_whole_and_only_its_padding_is_grey():
    pixels = np.random.default_rng(1).integers(0, 256, (359, 719, 3), dtype=np.uint8)
    (tile,) = plan_tiles(719, 359, Tiling.AUTO, None)
    image = network_input(Levels(pixels), tile)
    assert image.shape == (384, 736, 3)
    assert image.dtype == np.uint8
    np.testing.assert_array_equal(image[:359, :719], pixels)
    assert (image[359:] == PAD_VALUE).all()
    assert (image[:, 719:] == PAD_VALUE).all()


@pytest.mark.parametrize(("factor", "scale"), [(2, 0.5), (5, 0.2)])
def test_a_shrunk_piece_is_the_mean_of_its_pixels(factor, scale):
    ramp = np.arange(0, 250, 250 / 640)[None, :, None].repeat(320, 0).repeat(3, 2)
    inner = InnerSides(False, False, False, False)
    tile = Tile(0, 0, 0, 640, 320, to_stride(640 * scale), to_stride(320 * scale), scale, inner)
    image = network_input(Levels(ramp.astype(np.uint8)), tile)
    expected = ramp[0, :, 0].reshape(-1, factor).mean(1)
    np.testing.assert_allclose(image[10, : 640 // factor, 1], expected, atol=1.5)


@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 3))
def test_levels_halve_and_leave_out_what_is_odd(width, height, level):
    pixels = np.full((height << level, width << level, 3), 77, np.uint8)
    reduced = Levels(pixels).at(level)
    assert reduced.shape == (height, width, 3)
    assert (reduced == 77).all()


@pytest.mark.parametrize(
    ("tiling", "fixed", "count"),
    [
        pytest.param(Tiling.AUTO, None, 1, id="1080p as it is"),
        pytest.param(Tiling.AUTO, (640, 640), 8, id="1080p in squares"),
        pytest.param(Tiling.FULL, None, 8, id="1080p everywhere"),
        pytest.param(Tiling.NONE, (640, 640), 1, id="1080p in one"),
    ],
)
def test_the_number_of_passes_at_1080p(tiling, fixed, count):
    assert len(plan_tiles(1920, 1080, tiling, fixed)) == count
