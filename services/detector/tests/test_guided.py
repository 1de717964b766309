"""Guided tiling: where it looks, what it may cost, and that it depends on nothing but what it is given."""

import asyncio
import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.detections import Attention, DetectSettings, ObjectKind, OrientedBox, Tiling
from wideberth_detector.core import guided
from wideberth_detector.core.levels import Levels
from wideberth_detector.core.packing import SIDE_PX, SMALL_SIDE_PX, Place, holds, pack
from wideberth_detector.core.sweep import OVERLAP_PX, strips
from wideberth_detector.local import LocalDetector

# A fifth of it is a multiple of the network's stride: the lamp network takes the grey of padding for faint lamps.
WIDTH_PX, HEIGHT_PX = 3840, 2240


def sea(seed: int = 3) -> np.ndarray:
    """Waves of a teal sea."""
    rng = np.random.default_rng(seed)
    waves = rng.normal(0, 5, (HEIGHT_PX // 8, WIDTH_PX // 8, 1)).repeat(8, 0).repeat(8, 1)
    grain = rng.normal(0, 2, (HEIGHT_PX, WIDTH_PX, 1))
    return (np.array([110, 95, 40]) + waves + grain).clip(0, 255).astype(np.uint8)


def place_at(x: float, y: float, side: float = 40) -> Place:
    return Place(x - side / 2, y - side / 2, x + side / 2, y + side / 2)


@given(st.integers(1300, 5000), st.integers(800, 3000), st.integers(1, 20))
def test_a_sweep_has_been_everywhere(width, height, turns):
    tiles = strips(width, height, turns)
    assert 1 <= len(tiles) <= turns
    step = round(1 / tiles[0].scale)
    assert tiles[0].x_px == 0
    # An odd last column is not seen at half size.
    assert tiles[-1].x_px + tiles[-1].width_px > width - step
    for one, following in itertools.pairwise(tiles):
        assert one.x_px + one.width_px - following.x_px >= (OVERLAP_PX - 1) * step
    assert {tile.height_px for tile in tiles} == {height}
    assert len({(tile.input_width_px, tile.input_height_px) for tile in tiles}) == 1
    by_turn = [guided.sweep_of(width, height, Attention(turn=turn, sweep_turns=turns)) for turn in range(2 * turns)]
    assert {tile.x_px for (tile,) in by_turn} == {tile.x_px for tile in tiles}
    first = guided.sweep_of(width, height, Attention(turn=3, sweep_turns=turns, first=True))
    assert [tile.x_px for tile in first] == [tile.x_px for tile in tiles]
    assert [tile.index for tile in first] == list(range(1, 1 + len(tiles)))


@pytest.mark.parametrize(("size", "scale"), [((1920, 1080), 1.0), ((2720, 1530), 1.0), ((3840, 2160), 0.5)])
def test_the_sweep_is_at_full_size_in_1080p_and_at_half_in_4k(size, scale):
    assert strips(*size, 5)[0].scale == scale


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, WIDTH_PX), st.floats(0, HEIGHT_PX), st.floats(4, 900)), max_size=30))
def test_every_place_is_in_a_tile_that_shows_it_or_is_put_off(spots):
    places = [p for p in (guided._within(place_at(*spot), (WIDTH_PX, HEIGHT_PX)) for spot in spots) if p is not None]
    packed = pack(places, (WIDTH_PX, HEIGHT_PX), 5, 2)
    assert len(packed.tiles) <= 5
    assert [tile.index for tile in packed.tiles] == list(range(2, 2 + len(packed.tiles)))
    for tile in packed.tiles:
        assert 0 <= tile.x_px <= tile.x_px + tile.width_px <= WIDTH_PX
        assert 0 <= tile.y_px <= tile.y_px + tile.height_px <= HEIGHT_PX
        assert (tile.input_width_px, tile.input_height_px) == (SIDE_PX, SIDE_PX)
    for place in places:
        assert place in packed.put_off or any(holds(tile, place, SIDE_PX) for tile in packed.tiles)


def test_neighbours_share_a_tile_and_the_first_are_served_first():
    pod = [place_at(1000 + 50 * n, 900 + 20 * n) for n in range(4)]
    packed = pack([*pod, place_at(3000, 300), place_at(200, 2000)], (WIDTH_PX, HEIGHT_PX), 2, 0)
    assert all(holds(packed.tiles[0], place, SIDE_PX) for place in pod)
    assert holds(packed.tiles[1], place_at(3000, 300), SIDE_PX)
    assert packed.put_off == (place_at(200, 2000),)


def test_a_small_frame_gets_smaller_tiles():
    tiles = pack([place_at(300, 300), place_at(1500, 800)], (1920, 1080), 3, 0).tiles
    assert {(tile.input_width_px, tile.width_px) for tile in tiles} == {(SMALL_SIDE_PX, SMALL_SIDE_PX)}


def test_a_hull_longer_than_a_tile_is_seen_at_half_size():
    (tile,) = pack([place_at(2000, 1000, 600)], (WIDTH_PX, HEIGHT_PX), 3, 0).tiles
    assert (tile.scale, tile.width_px) == (0.5, 2 * SIDE_PX)


@pytest.mark.parametrize(
    "colour",
    [
        pytest.param((60, 55, 45), id="dark"),
        pytest.param((150, 150, 140), id="pale"),
        pytest.param((88, 88, 72), id="grey"),
    ],
)
def test_a_back_on_the_water_stands_out_most(colour):
    pixels = sea()
    pixels[1500:1516, 2400:2464] = colour
    first = guided.peaks(Levels(pixels))[0]
    assert first.left < 2464
    assert first.right > 2400
    assert first.top < 1516
    assert first.bottom > 1500


def test_a_pod_stands_out_before_a_field_of_sparkle():
    pixels, rng = sea(), np.random.default_rng(11)
    for _ in range(6000):
        x, y = int(rng.uniform(0, 1900)), int(rng.uniform(0, HEIGHT_PX - 4))
        pixels[y : y + 3, x : x + 3] = 255
    backs = [(2500 + 150 * n, 700 + 90 * n) for n in range(4)]
    for x, y in backs:
        pixels[y : y + 16, x : x + 64] = (75, 72, 62)
    first = guided.peaks(Levels(pixels))[:12]
    for x, y in backs:
        assert any(p.left < x + 64 and p.right > x and p.top < y + 16 and p.bottom > y for p in first)


@pytest.fixture(scope="module")
def lit() -> np.ndarray:
    """A dark sea with four lamps (see `conftest`), one of them faint."""
    pixels = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    for x, y, colour in ((800, 800, (0, 0, 255)), (880, 840, (0, 255, 0)), (2400, 304, (0, 0, 255))):
        pixels[y : y + 8, x : x + 8] = colour
    return pixels


def detections(networks, frame, asked, attention) -> object:
    return asyncio.run(LocalDetector.from_file(networks["lamp"]).detect(frame, asked, attention))


def test_small_lamps_are_found_in_a_stream_for_a_fraction_of_the_pixels(networks, frame_of, lit):
    asked = DetectSettings(confidence=0.6)
    # Two lamps stand out from the water, the third was there a moment ago.
    box = OrientedBox(cx_px=2404, cy_px=308, length_px=40, width_px=20, angle_deg=0)
    found = detections(networks, frame_of(lit), asked, Attention(turn=4, expected=(box,)))
    assert sorted(d.kind for d in found.detections) == [ObjectKind.DOLPHIN, ObjectKind.DOLPHIN, ObjectKind.VESSEL]
    everywhere = detections(networks, frame_of(lit), DetectSettings(confidence=0.6, tiling=Tiling.FULL), None)
    assert {d.kind for d in everywhere.detections} == {d.kind for d in found.detections}
    assert found.looked.inferred_px * 6 < everywhere.looked.inferred_px
    assert everywhere.looked.closely_fraction == 1.0


def test_a_place_is_looked_at_because_it_is_expected(networks, frame_of):
    pixels = np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    pixels[800:808, 800:808] = (0, 0, 160)
    rng = np.random.default_rng(5)
    for _ in range(400):
        x, y = int(rng.uniform(1200, WIDTH_PX - 40)), int(rng.uniform(0, HEIGHT_PX - 40))
        pixels[y : y + 24, x : x + 24] = 120
    asked = DetectSettings(confidence=0.55, attended_px=SIDE_PX**2)
    # The sweep is elsewhere at turn 4.
    alone = detections(networks, frame_of(pixels), asked, Attention(turn=4))
    box = OrientedBox(cx_px=804, cy_px=804, length_px=40, width_px=20, angle_deg=0)
    hinted = detections(networks, frame_of(pixels), asked, Attention(turn=4, expected=(box,)))
    assert alone.detections == ()
    assert alone.looked.put_off_fraction > 0
    assert [d.kind for d in hinted.detections] == [ObjectKind.DOLPHIN]


def test_in_is_still_detections_and_rejections_and_the_answer_is_the_same_every_time(networks, frame_of, lit):
    asked, attention = DetectSettings(confidence=0.3), Attention(turn=1)
    one, two = (detections(networks, frame_of(lit), asked, attention) for _ in range(2))
    assert one.model_copy(update={"inference_s": 0.0}) == two.model_copy(update={"inference_s": 0.0})
    assert {rejection.reason for rejection in one.rejections} <= {"duplicate", "looked at more closely"}
    assert Counter(one.aside.reason) == {rejection.reason: rejection.count for rejection in one.rejections}


@pytest.mark.parametrize(
    ("size", "tiling", "name"),
    [
        pytest.param((720, 1280), Tiling.AUTO, "lamp", id="a small frame costs less whole"),
        pytest.param((1080, 1920), Tiling.FULL, "lamp", id="the reference"),
        pytest.param((1080, 1920), Tiling.AUTO, "lamp_640", id="a network of one size"),
    ],
)
def test_where_guiding_does_not_pay_everything_is_searched(networks, frame_of, size, tiling, name):
    detector = LocalDetector.from_file(networks[name])
    frame = frame_of(np.zeros((*size, 3), np.uint8))
    found = asyncio.run(detector.detect(frame, DetectSettings(tiling=tiling), Attention(turn=2)))
    assert found.looked.closely_fraction == 1.0
    assert found.looked.swept_fraction == 0.0
