from judging import found

from wideberth_contracts.detections import ObjectKind
from wideberth_training_detector.parity import _difference

VESSEL = ObjectKind.VESSEL


def test_the_same_detections_differ_in_nothing() -> None:
    these = [found(VESSEL, (10, 0.9), (60, 0.5))]
    told = _difference(these, these, loosely=False)
    assert told["detections"] == 2
    assert told["lacking_a_counterpart"] == 0
    assert told["most_px_apart"] == 0.0


def test_a_moved_one_lacks_a_counterpart_both_ways_unless_taken_loosely() -> None:
    these, those = [found(VESSEL, (10, 0.9))], [found(VESSEL, (13, 0.8))]
    assert _difference(these, those, loosely=False)["lacking_a_counterpart"] == 2
    loose = _difference(these, those, loosely=True)
    assert (loose["lacking_a_counterpart"], loose["most_px_apart"], loose["most_confidence_apart"]) == (0, 3.0, 0.1)


def test_one_just_under_the_limit_still_is_a_counterpart() -> None:
    these, those = [found(VESSEL, (10, 0.105))], [found(VESSEL, (10, 0.095))]
    assert _difference(these, those, loosely=False)["lacking_a_counterpart"] == 0


def test_another_class_is_no_counterpart() -> None:
    these, those = [found(VESSEL, (10, 0.9))], [found(ObjectKind.JET_SKI, (10, 0.9))]
    assert _difference(these, those, loosely=True)["lacking_a_counterpart"] == 2
