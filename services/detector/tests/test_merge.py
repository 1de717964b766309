"""One box an object."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from wideberth_detector.core.candidates import Candidates, corners_px
from wideberth_detector.core.filters import faults
from wideberth_detector.core.merge import iou, join_halves, suppress

BOX = st.tuples(
    st.floats(1000, 1060), st.floats(2000, 2060), st.floats(5, 80), st.floats(3, 40), st.floats(-np.pi / 2, np.pi / 2)
)


SOFT, SOLID = np.zeros(2, np.bool_), np.ones(2, np.bool_)


def candidates(*boxes, kinds=None, confidences=None, cut=None, tiles=None) -> Candidates:
    n = len(boxes)
    rows = np.array(boxes, np.float64).reshape(n, 5)
    rows[:, 4] = np.radians(rows[:, 4])
    return Candidates(
        rows,
        np.array(kinds or [0] * n, np.int64),
        np.array(confidences or np.linspace(0.9, 0.3, n), np.float64),
        np.array(cut or [False] * n, np.bool_),
        np.array(tiles or [0] * n, np.int64),
    )


@settings(max_examples=200, deadline=None)
@given(BOX, BOX)
def test_overlap_agrees_with_a_geometry_library(first, second):
    boxes = np.array([first, second])
    one, two = (Polygon(corners) for corners in corners_px(boxes))
    expected = one.intersection(two).area / one.union(two).area
    assert iou(boxes[0], boxes[1:])[0] == pytest.approx(expected, abs=1e-6)


def test_slender_animals_side_by_side_both_stay():
    # Their upright boxes overlap by more than half; they do not touch.
    pair = candidates((100, 100, 64, 12, 45), (112, 90, 64, 12, 45))
    assert suppress(pair, pair.kinds, SOFT, 0.4).tolist() == [True, True]


@pytest.mark.parametrize(
    ("groups", "stay"),
    [
        pytest.param([0, 0], [True, False], id="one hull under two names"),
        pytest.param([0, 1], [True, True], id="a rider on a jet ski"),
    ],
)
def test_duplicates_are_judged_within_a_group(groups, stay):
    pair = candidates((100, 100, 40, 20, 0), (101, 100, 40, 20, 3))
    assert suppress(pair, np.array(groups), SOFT, 0.4).tolist() == stay


@pytest.mark.parametrize(("solid", "stay"), [(SOLID, [True, False]), (SOFT, [True, True])], ids=["hulls", "animals"])
def test_one_hull_seen_at_two_angles_is_one_and_a_calf_beside_its_mother_is_two(solid, stay):
    pair = candidates((100, 100, 80, 40, 25), (100, 108, 70, 15, 0))
    assert suppress(pair, pair.kinds, solid, 0.5).tolist() == stay


def test_a_piece_gives_way_to_the_whole_even_where_it_scores_higher():
    pair = candidates(
        (100, 100, 60, 16, 0), (85, 100, 30, 16, 0), confidences=[0.5, 0.9], cut=[False, True], tiles=[0, 1]
    )
    assert suppress(pair, pair.kinds, SOFT, 0.6).tolist() == [True, False]


def test_a_hull_cut_in_three_becomes_one():
    pieces = candidates(
        (200, 100, 400, 60, 0), (500, 101, 360, 60, 1), (820, 104, 400, 58, 0),
        cut=[True] * 3, tiles=[0, 1, 2], confidences=[0.6, 0.8, 0.7],
    )  # fmt: skip
    whole, gone = join_halves(pieces, pieces.kinds)
    assert len(whole) == 1
    x, y, length, width, _ = whole.boxes[0]
    assert (x, y, length, width) == pytest.approx((510, 102, 1020, 66), abs=6)
    assert whole.confidences.tolist() == [0.8]
    assert len(gone) == 2


def test_pieces_that_cross_are_two_objects():
    pair = candidates((200, 100, 200, 20, 0), (280, 100, 200, 20, 80), cut=[True, True], tiles=[0, 1])
    assert len(join_halves(pair, pair.kinds)[0]) == 2


def test_equal_scores_give_the_same_answer_every_time():
    same = candidates(*[(100 + i, 100, 40, 20, 0) for i in range(6)], confidences=[0.5] * 6)
    assert suppress(same, same.kinds, np.zeros(6, np.bool_), 0.4).tolist() == [True] + [False] * 5


def test_each_fault_counts_once():
    odd = candidates((5, 5, 3, 1, 0), (50, 50, 90, 3, 0), (-5, 50, 20, 8, 0), (50, 50, 40, 12, 0))
    found = {reason: int(fails.sum()) for reason, fails in faults(odd, 100, 100).items()}
    assert found == {"centre outside the frame": 1, "too small": 1, "impossible shape": 1}
