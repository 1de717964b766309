from judging import found, judged

from bench.accuracy.judged import joined
from wideberth_contracts.detections import ObjectKind
from wideberth_training_detector.curves import draw

DOLPHIN = ObjectKind.DOLPHIN


def test_curves_are_a_small_picture_with_and_without_real_sets(tmp_path) -> None:
    detections = found(DOLPHIN, (10, 0.9), (300, 0.8))
    simulated = judged(detections, {DOLPHIN: (10.0,)})
    porpoises = judged(detections, {DOLPHIN: (10.0,)}, part="porpoise_frames")
    alone = draw(simulated, tmp_path / "alone.png").stat().st_size
    both = draw(joined([simulated, porpoises]), tmp_path / "both.png").stat().st_size
    assert alone < both < 150_000
