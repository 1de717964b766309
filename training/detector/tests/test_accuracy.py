import numpy as np
import pytest

from wideberth_training_detector.accuracy import Tally, average_precision, count_picture
from wideberth_training_detector.runtime import rotated_iou, suppress
from wideberth_training_detector.shapes import axis_aligned


def _found(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32).reshape(-1, 7)


@pytest.mark.parametrize(
    ("found", "ap"),
    [
        pytest.param([(10, 5, 20, 10, 0, 0.9, 0)], 0.5, id="one of two"),
        pytest.param([(10, 5, 20, 10, 0, 0.9, 0), (60, 5, 20, 10, 0, 0.8, 0)], 1.0, id="both"),
        pytest.param([(200, 5, 20, 10, 0, 0.9, 0), (10, 5, 20, 10, 0, 0.8, 0)], 0.25, id="a false alarm first"),
        pytest.param([(10, 5, 20, 10, 0, 0.9, 0), (10, 5, 20, 10, 0, 0.8, 0)], 0.5, id="the same one twice"),
        pytest.param([], 0.0, id="nothing"),
    ],
)
def test_average_precision(found, ap) -> None:
    tally = Tally()
    truth = [axis_aligned(0, 0, 0, 20, 10), axis_aligned(0, 50, 0, 70, 10)]
    count_picture(tally, truth, _found(*found), oriented=True, operating_confidence=0.25)
    assert average_precision(tally) == pytest.approx(ap)


def test_no_truth_is_no_number() -> None:
    assert average_precision(Tally()) is None


def test_crossed_boxes_share_their_centre_only() -> None:
    assert rotated_iou(((0, 0), (40, 10), 0.0), ((0, 0), (40, 10), 90.0)) == pytest.approx(100 / 700, rel=0.01)


def test_suppression_keeps_neighbours_and_other_classes() -> None:
    boxes = _found(
        (0, 0, 40, 10, 0, 0.9, 0), (1, 0, 40, 10, 0, 0.8, 0), (0, 0, 40, 10, 0, 0.7, 1), (0, 12, 40, 10, 0, 0.6, 0)
    )
    assert suppress(boxes)[:, 5].tolist() == pytest.approx([0.9, 0.7, 0.6])
