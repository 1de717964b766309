import pytest
from judging import found, judged

from bench.accuracy.judged import Judged, joined
from wideberth_contracts.detections import ObjectKind
from wideberth_training_detector.thresholds import F1Curve, choose

DOLPHIN, VESSEL = ObjectKind.DOLPHIN, ObjectKind.VESSEL


def _simulated() -> Judged:
    """Dolphins: right at 0.9, 0.6, 0.3, wrong at 0.2. Vessels: right at 0.9 and 0.4."""
    dolphins = found(DOLPHIN, (10, 0.9), (60, 0.6), (110, 0.3), (300, 0.2))
    vessels = found(VESSEL, (200, 0.9), (250, 0.4))
    return judged(dolphins + vessels, {DOLPHIN: (10.0, 60.0, 110.0), VESSEL: (200.0, 250.0)})


def test_alone_the_best_f1_decides() -> None:
    chosen = choose(_simulated(), [])
    assert chosen[DOLPHIN] == pytest.approx(0.3)
    assert chosen[VESSEL] == pytest.approx(0.4)


def test_f1_of_all_three_right_is_one() -> None:
    curve = F1Curve.of(_simulated(), DOLPHIN)
    assert curve.at(0.3) == pytest.approx(1.0)
    assert curve.at(0.25) == pytest.approx(1.0)
    assert curve.at(0.7) == pytest.approx(0.5)
    assert curve.at(0.95) == 0.0


def test_empty_pictures_raise_the_class_that_loses_least() -> None:
    """A dolphin alarm at 0.35 costs a third of the dolphins, a vessel alarm at 0.95 all vessels."""
    empty = joined([judged(found(DOLPHIN, (10, 0.35)) + found(VESSEL, (90, 0.95)), {})] + [judged((), {})] * 3)
    chosen = choose(_simulated(), [empty])
    assert chosen[DOLPHIN] == pytest.approx(0.36)
    assert empty.false_alarms(DOLPHIN, chosen[DOLPHIN]) == 0
    assert chosen[VESSEL] == pytest.approx(0.4)


def test_alarms_within_the_budget_stay() -> None:
    empty = joined([judged(found(DOLPHIN, (10, 0.35)), {})] + [judged((), {})] * 9)
    assert choose(_simulated(), [empty])[DOLPHIN] == pytest.approx(0.3)


def test_a_class_without_examples_is_hardly_believed() -> None:
    assert choose(_simulated(), [])[ObjectKind.SWIMMER] == pytest.approx(0.95)


def test_one_alarm_is_borne_however_small_the_set() -> None:
    empty = judged(found(DOLPHIN, (10, 0.99), (90, 0.9)), {})
    assert empty.false_alarms(DOLPHIN, choose(_simulated(), [empty])[DOLPHIN]) == 1


def test_the_surest_alarm_can_go() -> None:
    empty = judged(found(DOLPHIN, (10, 1.0), (90, 1.0)), {})
    assert empty.false_alarms(DOLPHIN, choose(_simulated(), [empty])[DOLPHIN]) == 0
