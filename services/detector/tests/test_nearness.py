"""Animals too near to look like those that taught are judged in a smaller picture; craft are not."""

import numpy as np
import pytest

from wideberth_contracts.detections import Tiling
from wideberth_detector.core.candidates import Candidates
from wideberth_detector.core.nearness import LONGEST_TAUGHT_PX, SURE_OF, far_enough, smaller_look, too_near
from wideberth_detector.core.tiling import plan_tiles

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
