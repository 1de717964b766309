"""The model card: what it is, from what, how good, and what it does not know."""

import argparse
from collections import Counter
from typing import Any

from wideberth_training_anomaly.assemble import CETACEANS, Crops
from wideberth_training_anomaly.evidence import MAP_WEIGHT
from wideberth_training_anomaly.network import WIDTHS
from wideberth_training_anomaly.pieces import CROP_SPANS_BOXES, SIDE_PX
from wideberth_training_anomaly.report import TAU_QUANTILE
from wideberth_training_anomaly.sources import CLUTTER_PLACES
from wideberth_training_anomaly.teacher import FEATURES

LIMITS = (
    "It rejects only clutter like what it learnt. A bird, kelp or a buoy of a kind it never saw passes as an animal.",
    "The threshold comes from simulated dolphins that the detector finds; real ones it was measured on are few.",
    "It follows the detector it was made for: with other detector weights, measure again.",
    "A faint submerged animal looks like water. Losses are listed by surfacing.",
    "It is not one-class learning: animals are the student's penalty pictures and the classifier's positives.",
    "EfficientAD was trained for a fraction of the published 70,000 steps.",
    "Crops must be cut as in training, three times the detection's long side; the ground scale is not used.",
    "Simulated crops of one kind are independent; crops of one real track are not, so track rates are optimistic.",
)


def card(crops: Crops, found: dict[str, Any], args: argparse.Namespace, explained: float) -> dict[str, Any]:
    """The card as written to `card.yaml`; `threshold` is what the service reads."""
    return {
        "id": f"anomaly/{args.out.name}",
        "verb": "screen",
        "threshold": found.pop("threshold"),
        "threshold_rule": f"{TAU_QUANTILE:.1%} quantile of dolphins the detector finds in held-out simulated stills",
        "licence": "AGPL-3.0-or-later",
        "architecture": {
            "name": "EfficientAD (arXiv 2303.14535) as in anomalib 2.7, narrowed, plus a linear classifier",
            "input": f"images: (n, 3, {SIDE_PX}, {SIDE_PX}) RGB 0..1, {CROP_SPANS_BOXES:g} times the detection",
            "output": f"anomaly_map: (n, 1, 32, 32) = log-odds of an animal + {MAP_WEIGHT:g} x EfficientAD's raw map",
            "why_two_sides": "EfficientAD alone does not beat a linear classifier on the teacher's features; see below",
            "channels": [*WIDTHS, FEATURES],
            "score": "mean of the highest tenth of the cells within the detection's square and 15 % around it",
        },
        "teacher": {
            "is": f"{FEATURES} principal components of stages two and three of YOLO11n, COCO weights (AGPL-3.0)",
            "variance_kept": round(explained, 3),
        },
        "training": {
            "steps": args.steps,
            "seed": args.seed,
            "normals": dict(sorted(Counter(piece.kind for piece in crops.normals).items())),
            "classifier_adds": {
                "detected_dolphin": len(crops.found_animals),
                "false_alarm": len(crops.false_alarms),
            },
            "penalty": dict(sorted(Counter(piece.kind for piece in crops.animals).items())),
            "sources": ["wideberth_simulator stills"]
            + [f"{place.pattern} ({place.licence})" for place in CLUTTER_PLACES if place.kind != "real_glint"],
            "measured_on_only": [*CETACEANS, "sea_negatives/sharkeye* (Apache-2.0)"],
        },
        "accuracy": found,
        "limits": list(LIMITS),
    }
