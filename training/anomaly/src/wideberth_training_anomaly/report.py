"""Scores of the exported graph through the service's own code, the thresholds, and the comparison."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from wideberth_anomaly.core.network import OnnxNetwork, OpenVinoNetwork
from wideberth_anomaly.core.scoring import network_input, score_of
from wideberth_training_anomaly.assemble import Material
from wideberth_training_anomaly.compare import Methods, by_kind, left_out, row
from wideberth_training_anomaly.judge import Scores, auroc, sure_above, threshold, tracks_of
from wideberth_training_anomaly.looks import Looks
from wideberth_training_anomaly.pieces import CROP_SPANS_BOXES, Image, Piece

# Of EfficientAD's map beside the log-odds; the best on the calibration side is taken.
# None is tried too, and the card says how it does, but what ships holds EfficientAD.
WEIGHTS = (0.0, 0.3, 1.0, 3.0, 10.0)
CONTROLS = ("logistic", "nearest", "patchcore", "patchcore_two_sided")
# Learnt in seconds, so that it can be done once more for every kind.
LEFT_OUT = ("logistic", "nearest")


def scores_of(network: OpenVinoNetwork | OnnxNetwork, images: Image | list[Image]) -> Scores:
    """One score a crop, as the service computes it."""
    maps = (network.look(network_input(image, network.side_px)).anomaly_map for image in images)
    return np.array([score_of(found, 1 / CROP_SPANS_BOXES) for found in maps])


def best_weight(log_odds: Scores, maps: Scores, calibrate: Looks) -> tuple[float, dict[str, float]]:
    """The weight of the map that rejects most clutter tracks with 99 % of surfacings kept, and what each does."""
    found = {}
    for weight in WEIGHTS:
        judged = tracks_of(calibrate, log_odds + weight * maps)
        limit = np.quantile(judged.animals, 0.01)
        found[weight] = (float((judged.clutter < limit).mean()), auroc(judged.animals, judged.clutter))
    best = max((weight for weight in found if weight > 0), key=lambda weight: found[weight])
    return best, {f"{weight:g}": round(share, 4) for weight, (share, _) in found.items()}


def measure(
    material: Material, methods: Methods, graph: Path, maps: tuple[Scores, Scores], weight: float
) -> dict[str, Any]:
    """Everything the card says about accuracy.

    Args:
        material: what is judged.
        methods: the other ways.
        graph: what ships.
        maps: EfficientAD's own scores of calibration and test.
        weight: of them. The score is linear in the map, so that the shipped one is the classifier's plus this.
    """
    network = OpenVinoNetwork(graph, 1)
    calibrate, test = material.calibrate, material.test
    alone = {id(calibrate): maps[0], id(test): maps[1]}

    def pair(score: Callable[[Looks], Scores]) -> tuple[tuple[Looks, Scores], tuple[Looks, Scores]]:
        return (calibrate, score(calibrate)), (test, score(test))

    shipped = pair(lambda looks: methods.logistic(None, looks) + weight * alone[id(looks)])
    _check(scores_of(network, test.images[:30]), shipped[1][1][:30])
    table = [
        row("shipped: EfficientAD and logistic", *shipped),
        row("EfficientAD alone, 128 px", *pair(lambda looks: alone[id(looks)])),
    ]
    table += [row(name, *pair(lambda looks, name=name: getattr(methods, name)(None, looks))) for name in CONTROLS]  # type: ignore[misc]
    joined = tracks_of(*shipped[0])
    lower, bound = threshold(joined.animals)
    return {
        "threshold": round(lower, 6),
        "sure_above": round(sure_above(joined, lower), 6),
        "calibration": {
            "surfacings": len(joined.animals),
            "kept_at_least_with_95_percent_confidence": round(bound, 4),
            "clutter_tracks": len(joined.clutter),
        },
        "comparison": table,
        "by_kind": by_kind(*shipped),
        "one_kind_left_out": left_out(methods, LEFT_OUT, calibrate, test),
        "third_outcome": _outcomes(tracks_of(*shipped[1]), lower, sure_above(joined, lower)),
        "real_clutter": _real(material.real_clutter, network, lower),
        "real_cetaceans": _cetaceans(material, network, lower),
        "parity_onnxruntime_openvino": _parity(graph, test.images[:30]),
        "ms_a_crop_one_core": _pace(network, test.images[:40]),
    }


def _check(shipped: Scores, added: Scores) -> None:
    """What ships must say what was judged."""
    apart = float(np.abs(shipped - added).max())
    if apart > 1e-2:
        raise ValueError(f"the exported graph differs by {apart:g} from the sum of its parts")


def _outcomes(judged: Any, lower: float, upper: float) -> dict[str, dict[str, float]]:
    """Shares of tracks called clutter, unknown and animal."""
    return {
        name: {
            "clutter": round(float((scores < lower).mean()), 4),
            "unknown": round(float(((scores >= lower) & (scores < upper)).mean()), 4),
            "animal": round(float((scores >= upper).mean()), 4),
        }
        for name, scores in (("surfacings", judged.animals), ("clutter", judged.clutter))
    }


def _real(pieces: list[Piece], network: OpenVinoNetwork, limit: float) -> dict[str, dict[str, float]]:
    scores = scores_of(network, [piece.image for piece in pieces])
    kinds = np.array([piece.kind for piece in pieces])
    return {
        str(kind): {
            "crops": int((kinds == kind).sum()),
            "rejected": round(float((scores[kinds == kind] < limit).mean()), 4),
        }
        for kind in np.unique(kinds)
    }


def _cetaceans(material: Material, network: OpenVinoNetwork, limit: float) -> dict[str, dict[str, float]]:
    answers = {}
    for name, pieces in material.cetaceans.items():
        scores = scores_of(network, [piece.image for piece in pieces])
        answers[name] = {
            "crops": len(scores),
            "lost": int((scores < limit).sum()),
            "lowest": round(float(scores.min()), 4),
        }
    return answers


def _parity(graph: Path, images: Image) -> float:
    """Largest difference of scores between the two libraries."""
    one, other = (scores_of(library(graph), images) for library in (OnnxNetwork, OpenVinoNetwork))
    return float(np.abs(one - other).max())


def _pace(network: OpenVinoNetwork, images: Image) -> float:
    """Median time of one crop on one core of this machine, pre-processing included."""
    times = []
    for image in images:
        start = time.perf_counter()
        scores_of(network, image[None])
        times.append(time.perf_counter() - start)
    return round(float(np.median(times)) * 1000, 1)
