"""The model card: what it is, from what, how good, and what it does not know."""

import argparse
from collections import Counter
from typing import Any

from wideberth_training_anomaly.assemble import CETACEANS, Material
from wideberth_training_anomaly.judge import CLUTTER_ABOVE
from wideberth_training_anomaly.looks import FIRST_FLIGHT, FIRST_STILL, FLIGHTS, STILLS
from wideberth_training_anomaly.network import WIDTHS
from wideberth_training_anomaly.pieces import CROP_SPANS_BOXES, SIDE_PX
from wideberth_training_anomaly.sources import CLUTTER_PLACES
from wideberth_training_anomaly.teacher import FEATURES, MAP_LAYERS, POOLED_LAYERS

LIMITS = (
    "It rejects only clutter like what it learnt; see one_kind_left_out.",
    "Thresholds come from simulated dolphins that the detector finds; real ones it was measured on are few.",
    "It follows the detector named here: with other detector weights, train and measure again.",
    "A faint submerged animal looks like water.",
    "It is not one-class learning: animals are the student's penalty pictures and the classifier's positives.",
    "EfficientAD was trained for a fraction of the published 70,000 steps, at 128 px only; 64 and 256 were not tried.",
    "EfficientAD and PatchCore were not trained again without one kind of clutter.",
    "A Dinomaly-like model was not compared: it needs a pre-trained vision transformer, and none can be had offline.",
    "Crops must be cut as in training, three times the detection's long side. Constant ground scale (8 m within 2 to 6 "
    "boxes) was measured on stills with detector 0.2.0 and was worse: AUROC .79 against .83 of the classifier.",
)


def card(material: Material, found: dict[str, Any], args: argparse.Namespace, explained: float) -> dict[str, Any]:
    """The card as written to `card.yaml`; `threshold` and `sure_above` are what the service reads."""
    kinds = Counter(str(kind) for kind in material.lessons.kinds)
    return {
        "id": f"anomaly/{args.out.name}",
        "verb": "screen",
        "threshold": found.pop("threshold"),
        "sure_above": found.pop("sure_above"),
        "threshold_rule": "the highest score that keeps 99 % of calibration surfacings with 95 % confidence "
        "(Clopper and Pearson); tracks below it are clutter",
        "sure_above_rule": f"at most {CLUTTER_ABOVE:.0%} of calibration clutter lies higher; between both: unknown",
        "licence": "AGPL-3.0-or-later",
        "architecture": {
            "name": "EfficientAD (arXiv 2303.14535) as in anomalib 2.7, narrowed, plus a linear classifier",
            "input": f"images: (n, 3, {SIDE_PX}, {SIDE_PX}) RGB 0..1, {CROP_SPANS_BOXES:g} times the detection",
            "output": f"anomaly_map: (n, 1, 32, 32) = log-odds of an animal + {found['map_weight']:g} x EfficientAD's "
            "raw map; embedding: (n, 64), where the crop lies among others",
            "channels": [*WIDTHS, FEATURES],
            "score": "mean of the highest tenth of the cells within the detection's square and 15 % around it",
        },
        "teacher": {
            "is": f"{FEATURES} principal components of layers {MAP_LAYERS} of detector/{material.detector}; "
            f"the classifier pools layers {POOLED_LAYERS}",
            "not_anomalibs_own": "its weights are a download; nothing was distilled, the detector's layers are used as "
            "they are",
            "variance_kept": round(explained, 3),
        },
        "training": {
            "detector": material.detector,
            "steps": args.steps,
            "seed": args.seed,
            "crops": dict(sorted(kinds.items())),
            "sources": [
                f"simulated flights {FIRST_FLIGHT['train']} to {FIRST_FLIGHT['train'] + FLIGHTS['train'] - 1}",
                f"simulated stills {FIRST_STILL['train']} to {FIRST_STILL['train'] + STILLS['train'] - 1}",
                *(f"{place.pattern} ({place.licence})" for place in CLUTTER_PLACES if place.kind != "real_glint"),
            ],
            "measured_on_only": [*CETACEANS, "sea_negatives/sharkeye* (Apache-2.0)"],
        },
        "accuracy": found,
        "limits": list(LIMITS),
    }
