import numpy as np
import pytest

from wideberth_training_detector.calibration import LEAST_CONFIDENCE, draw, reliability


@pytest.mark.parametrize(
    ("confidences", "right", "error"),
    [
        pytest.param([0.75] * 4, [1, 1, 1, 0], 0.0, id="three of four at three quarters"),
        pytest.param([0.95] * 2, [0, 0], 0.95, id="sure and wrong"),
        pytest.param([0.75] * 4 + [0.15] * 4, [1, 1, 1, 0, 0, 0, 0, 1], 0.05, id="half of them off by a tenth"),
        pytest.param([1.0], [1], 0.0, id="the top belongs to the last bin"),
    ],
)
def test_error(confidences, right, error) -> None:
    assert reliability(np.array(confidences), np.array(right, bool)).error == pytest.approx(error)


def test_weak_detections_are_not_looked_at() -> None:
    found = reliability(np.array([LEAST_CONFIDENCE / 2, 0.75]), np.array([False, True]))
    assert [one.number for one in found.bins] == [1]
    assert reliability(np.array([0.01]), np.array([False])).error is None


def test_bins_of_a_calibrated_detector_lie_on_the_diagonal() -> None:
    rng = np.random.default_rng(0)
    confidences = rng.uniform(0.05, 1, 20_000)
    found = reliability(confidences, rng.random(20_000) < confidences)
    assert found.error is not None
    assert found.error < 0.02
    assert all(abs(one.confidence - one.right) < 0.06 for one in found.bins)


def test_the_plot_is_a_small_picture(tmp_path) -> None:
    bins = [{"number": 9, "confidence": 0.5, "right": 0.4}]
    path = draw({"stills": {"dolphin": {"error": 0.1, "bins": bins}}, "real": {}}, tmp_path / "plot.png")
    assert path.read_bytes()[:4] == b"\x89PNG"
    assert path.stat().st_size < 120_000
