"""Animals too near to look like those that taught are judged in a smaller picture; craft are not."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from wideberth_contracts.detections import Attention, DetectSettings, FrameDetections, ObjectKind, Tiling
from wideberth_detector.core.candidates import Candidates
from wideberth_detector.core.guided import seen_closer
from wideberth_detector.core.nearness import LONGEST_TAUGHT_PX, SURE_OF, far_enough, smaller_look, too_near
from wideberth_detector.core.tiling import InnerSides, Tile, plan_tiles
from wideberth_detector.local import LocalDetector

FRAME = (3840, 2160)


def seen(lengths_px: list[float], tiles: list[int]) -> Candidates:
    count = len(lengths_px)
    boxes = np.array([[1000.0, 1000.0, length, length / 4, 0.0] for length in lengths_px])
    return Candidates(boxes, np.zeros(count, np.int64), np.full(count, 0.5), np.zeros(count, np.bool_), np.array(tiles))


def test_the_smaller_look_is_the_whole_at_half_its_size() -> None:
    look = smaller_look(*FRAME, 9)
    assert (look.index, look.scale, look.width_px, look.height_px) == (9, 0.5, *FRAME)
    assert (look.input_width_px, look.input_height_px) == (1920, 1088)


def test_an_animal_is_judged_where_it_is_as_long_as_those_that_taught() -> None:
    tiles = plan_tiles(*FRAME, Tiling.FULL, None)
    tiles = (*tiles, smaller_look(*FRAME, len(tiles)))
    half = len(tiles) - 1
    near, far = LONGEST_TAUGHT_PX + 1, LONGEST_TAUGHT_PX - 1
    found = seen([near, far, near, far, 5 * near], [0, 0, half, half, half])
    assert too_near(found, np.ones(5, np.bool_), tiles).tolist() == [True, False, False, False, False]
    assert not too_near(found, np.zeros(5, np.bool_), tiles).any()


@pytest.mark.parametrize(("share", "closer"), [(SURE_OF - 0.01, True), (SURE_OF + 0.01, False)])
def test_a_closer_look_judges_what_is_surely_no_longer_than_taught(share: float, closer: bool) -> None:
    found = seen([share * LONGEST_TAUGHT_PX] * 2, [0, 0])
    assert far_enough(found, np.array([True, False]), 1.0).tolist() == [closer, True]
    assert far_enough(found, np.array([True, True]), 0.5).all()


def near_answers(networks, frame_of, asked: DetectSettings, attention: Attention | None) -> FrameDetections:
    """Of a network that answers with boxes of 240 px of its input, whatever the picture's size."""
    pixels = np.zeros((1080, 1920, 3), np.uint8)
    pixels[504:552, 504:552] = (0, 0, 255)
    pixels[504:552, 1416:1464] = (0, 255, 0)
    detector = LocalDetector.from_file(networks["near"])
    return asyncio.run(detector.detect(frame_of(pixels), asked, attention))


def test_of_large_answers_animals_stay_from_the_smaller_picture_and_craft_from_the_largest(networks, frame_of) -> None:
    found = near_answers(networks, frame_of, DetectSettings(confidence=0.9, tiling=Tiling.FULL), None)
    lengths = {kind: {round(d.box.length_px) for d in found.detections if d.kind is kind} for kind in ObjectKind}
    assert (lengths[ObjectKind.DOLPHIN], lengths[ObjectKind.VESSEL]) == ({480}, {240})
    reasons = {one.reason for one in found.rejections}
    assert {"judged in a smaller picture", "looked at more closely"} <= reasons


def test_in_a_stream_large_animals_of_the_sweep_are_left_to_the_look(networks, frame_of) -> None:
    found = near_answers(networks, frame_of, DetectSettings(confidence=0.9), Attention(turn=0, first=True))
    assert "judged in a smaller picture" in {one.reason for one in found.rejections}
    assert all(round(d.box.length_px) != 240 for d in found.detections if d.kind is ObjectKind.DOLPHIN)


def test_in_a_stream_a_closer_tile_judges_craft_and_small_animals_only() -> None:
    look = replace(smaller_look(*FRAME, 0), scale=0.2)
    close = Tile(1, 744, 744, 512, 512, 512, 512, 1.0, InnerSides(left=True, top=True, right=True, bottom=True))
    found = seen([180.0, 180.0, 100.0, 180.0], [0, 0, 0, 1])
    animal = np.array([True, False, True, True])
    assert seen_closer(found, animal, (look, close), FRAME).tolist() == [False, True, True, False]
