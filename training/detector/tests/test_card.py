import json
from pathlib import Path

import yaml
from judging import found, judged

from bench.accuracy import detector_sim
from bench.accuracy.average_precision import Rule
from wideberth_contracts.detections import ObjectKind
from wideberth_training_detector import calibration, card, evaluate
from wideberth_training_detector.release import write_sums

DOLPHIN = ObjectKind.DOLPHIN
SURE = dict.fromkeys(ObjectKind, 0.3)


def _metrics() -> dict:
    table = judged(found(DOLPHIN, (10, 0.9), (300, 0.8)), {DOLPHIN: (10.0, 110.0)})
    metrics = {
        "model": "detector/9.9.9",
        "date": "2026-11-26",
        "stills": 1,
        "confidence_by_class": {kind.value: 0.3 for kind in ObjectKind},
        "simulated": list(detector_sim.score_rows(table, SURE)),
        "strata": evaluate._strata(table, SURE),
        "taken_for": evaluate._taken_for(table, SURE),
        "calibration": {"simulated stills": calibration.by_class(table, Rule.IOU50)},
        "int8": {"simulated": evaluate._int8(table, table)},
        "porpoise_curve": evaluate._curve(table, DOLPHIN),
    }
    return json.loads(json.dumps(metrics))


def test_the_card_says_what_was_measured(tmp_path: Path) -> None:
    metrics = _metrics()
    notes = {"limits": ["Small ones are missed."], "training": {"start": "COCO"}}
    said = yaml.safe_load(card.write_yaml(tmp_path, "9.9.9", card.default_data(), notes, metrics).read_text())
    text = card.write_markdown(tmp_path, said, metrics, {}).read_text()
    assert "| dolphin: AP50 | 0.5 | ≥ 0.92 | **no** |" in text
    assert "- Aim missed: dolphin: AP50: 0.5 (≥ 0.92)." in text
    assert "- Small ones are missed." in text
    assert "| 12 to 24 | 0.50 / 0.50 (2) |" in text
    assert "| humpback_frames/images | `*.png` | MIT |" in text
    assert "length, px 12 to 24" not in text, "bands stand in their own tables"


def test_the_service_reads_classes_and_confidences(tmp_path: Path) -> None:
    said = yaml.safe_load(card.write_yaml(tmp_path, "9.9.9", card.default_data(), {}, _metrics()).read_text())
    assert said["classes"] == ["dolphin", "vessel", "jet_ski", "swimmer"]
    assert said["confidence_by_class"] == dict.fromkeys(said["classes"], 0.3)
    assert said["metrics"]["simulated"]["dolphin: AP50"] == 0.5


def test_before_measuring_the_card_has_no_numbers(tmp_path: Path) -> None:
    notes = {"architecture": "yolo11n-obb-p2"}
    said = yaml.safe_load(card.write_yaml(tmp_path, "9.9.9", card.default_data(), notes).read_text())
    assert "metrics" not in said
    assert said["strides_px"] == [4, 8, 16, 32]


def test_sums_cover_every_other_file(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text("a")
    (tmp_path / "model.bin").write_text("b")
    lines = write_sums(tmp_path).read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == ["card.md", "model.bin"]
    assert write_sums(tmp_path).read_text().splitlines() == lines
