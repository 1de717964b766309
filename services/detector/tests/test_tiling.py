"""Tiles: nothing of the frame is left out, and what the network sees is the frame's own pixels."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wideberth_contracts.detections import Tiling
from wideberth_detector.core.tiling import OVERLAP_PX, PAD_VALUE, STRIDE_PX, network_input, plan_tiles


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
    image = network_input(pixels, tile)
    assert image.shape == (1, 3, 384, 736)
    assert image.dtype == np.float32
    np.testing.assert_allclose(image[0, :, :359, :719], pixels[:, :, ::-1].transpose(2, 0, 1) / 255, atol=1e-6)
    np.testing.assert_allclose(image[0, :, 359:], PAD_VALUE / 255)
    np.testing.assert_allclose(image[0, :, :, 719:], PAD_VALUE / 255)


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
