"""Matching and scores of `bench/accuracy`, on answers known by hand."""

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bench.accuracy.average_precision import Rule, average_precision, match  # noqa: E402
from bench.accuracy.judged import Judged, Picture, Truth, joined  # noqa: E402
from bench.accuracy.strata import Stratum, average_precision_below, by_band  # noqa: E402
from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox  # noqa: E402

DOLPHIN = ObjectKind.DOLPHIN
TWO = np.array([[10.0, 5, 20, 10, 0], [60, 5, 20, 10, 0]])


def _found(*rows: tuple[float, float], kind: ObjectKind = DOLPHIN, length: float = 20) -> tuple[Detection, ...]:
    """Detections at (centre x, confidence), as long as the truth."""
    return tuple(
        Detection(
            kind=kind,
            confidence=confidence,
            model_id="test",
            box=OrientedBox(cx_px=x, cy_px=5, length_px=length, width_px=10, angle_deg=0),
        )
        for x, confidence in rows
    )


def _judged(*found: Detection, truth: np.ndarray = TWO, oriented: bool = True) -> Judged:
    judged = Judged()
    judged.add(Picture("set", "one"), {DOLPHIN: Truth(truth, tuple({} for _ in truth))}, found, oriented=oriented)
    return judged


@pytest.mark.parametrize(
    ("found", "ap"),
    [
        pytest.param([(10, 0.9)], 0.5, id="one of two"),
        pytest.param([(10, 0.9), (60, 0.8)], 1.0, id="both"),
        pytest.param([(200, 0.9), (10, 0.8)], 0.25, id="a false alarm first"),
        pytest.param([(10, 0.9), (10, 0.8)], 0.5, id="the same one twice"),
        pytest.param([(10, 0.9), (10, 0.8), (60, 0.7)], 0.5 + 0.5 * 2 / 3, id="a duplicate before the second"),
        pytest.param([], 0.0, id="nothing"),
    ],
)
def test_average_precision(found, ap) -> None:
    assert _judged(*_found(*found)).average_precision(DOLPHIN) == pytest.approx(ap)


def test_no_truth_is_no_number() -> None:
    assert average_precision(np.array([0.5]), np.array([False]), 0) is None
    assert _judged(*_found((10, 0.9))).average_precision(ObjectKind.VESSEL) is None


def test_a_loose_box_is_right_by_the_loose_rules_only_and_no_false_alarm() -> None:
    judged = _judged(*_found((18, 0.9)))
    assert {rule: judged.recall(DOLPHIN, 0.5, rule) for rule in Rule} == {
        Rule.IOU50: 0.0,
        Rule.IOU30: 0.5,
        Rule.CENTRE: 0.5,
    }
    assert judged.false_alarms(DOLPHIN, 0.5) == 0


def test_a_slanted_box_is_compared_upright_where_truth_has_no_angle() -> None:
    box = OrientedBox(cx_px=50, cy_px=50, length_px=80, width_px=10, angle_deg=45)
    slanted = Detection(kind=DOLPHIN, confidence=0.9, model_id="test", box=box)
    truth = np.array([[50.0, 50, 63.6, 63.6, 0]])
    assert _judged(slanted, truth=truth, oriented=False).average_precision(DOLPHIN) == pytest.approx(1.0)
    assert _judged(slanted, truth=truth, oriented=True).average_precision(DOLPHIN) == 0.0


def test_one_detection_finds_one_object() -> None:
    close = np.array([[10.0, 5, 20, 10, 0], [12, 5, 20, 10, 0]])
    matched = match(close, np.array([[11.0, 5, 20, 10, 0]]))
    assert sum(of.item() >= 0 for of in matched.truth_of.values()) == len(Rule)
    assert _judged(*_found((11, 0.9)), truth=close).recall(DOLPHIN, 0.5) == 0.5


def test_the_confidence_for_false_alarms_is_the_lowest_that_keeps_them() -> None:
    judged = _judged(*_found((10, 0.9), (200, 0.8), (300, 0.6), (60, 0.5)))
    at = judged.confidence_for(DOLPHIN, 1.0)
    assert 0.6 < at < 0.8
    assert judged.false_alarms(DOLPHIN, at) == 1
    assert judged.confidence_for(DOLPHIN, 2.0) == 0.0


def test_what_a_swimmer_is_taken_for() -> None:
    judged = Judged()
    truths = {ObjectKind.SWIMMER: Truth(TWO, ({}, {}))}
    judged.add(Picture("set", "one"), truths, _found((10, 0.6)), oriented=True)
    assert judged.taken_for(ObjectKind.SWIMMER, DOLPHIN, 0.5) == 0.5
    assert judged.taken_for(ObjectKind.SWIMMER, DOLPHIN, 0.7) == 0.0


def test_a_band_knows_nothing_of_objects_outside_it() -> None:
    truth = np.array([[10.0, 5, 20, 10, 0], [100, 5, 60, 10, 0]])
    judged = _judged(*_found((10, 0.5), (300, 0.9)), *_found((100, 0.95), length=60), truth=truth)
    small = next(by_band(judged, DOLPHIN, Stratum("length", "length_px", (0, 24)), 0.4))
    assert (small["truths"], small["recall_iou50"], small["ap50"]) == (1, 1.0, pytest.approx(0.5))
    assert average_precision_below(judged, DOLPHIN, "length_px", 24) == (pytest.approx(0.5), 1)


def test_tables_survive_joining_parting_and_disk(tmp_path) -> None:
    first, second = _judged(*_found((10, 0.9))), _judged(*_found((60, 0.8), (200, 0.7)))
    whole = joined([first, second])
    assert whole.average_precision(DOLPHIN) == pytest.approx(0.5)
    whole.save(tmp_path / "judged.json")
    again = Judged.load(tmp_path / "judged.json")
    assert again == whole
    assert joined([again.of(lambda p: True)]).free_response(DOLPHIN, Rule.IOU50) == whole.free_response(
        DOLPHIN, Rule.IOU50
    )


def test_what_nobody_could_see_is_neither_right_nor_wrong() -> None:
    judged = Judged()
    unseen = {DOLPHIN: np.array([[200.0, 5, 20, 10, 0]])}
    found = _found((200, 0.9), (10, 0.8), (300, 0.7))
    judged.add(Picture("set", "one"), {DOLPHIN: Truth(TWO, ({}, {}))}, found, oriented=True, ignored=unseen)
    assert judged.average_precision(DOLPHIN) == pytest.approx(0.5)
    assert judged.false_alarms(DOLPHIN, 0.5) == 1
