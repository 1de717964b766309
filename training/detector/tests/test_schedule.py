import pytest

from wideberth_training_detector.train import rate_at


@pytest.mark.parametrize(
    ("progress", "rate"),
    [
        pytest.param(0.0, 0.0, id="begins at nothing"),
        pytest.param(0.05, 1.0, id="warmed up"),
        pytest.param(0.525, 0.505, id="half way down"),
        pytest.param(1.0, 0.01, id="cooled"),
        pytest.param(1.3, 0.01, id="late steps stay cool"),
    ],
)
def test_the_rate_follows_the_clock(progress: float, rate: float) -> None:
    assert rate_at(progress, 1.0) == pytest.approx(rate, abs=1e-9)
