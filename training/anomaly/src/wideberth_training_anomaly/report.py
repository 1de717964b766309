"""Scores of the exported graph through the service's own code, the threshold, and the card."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from wideberth_anomaly.core.network import OnnxNetwork, OpenVinoNetwork
from wideberth_anomaly.core.scoring import network_input, score_of
from wideberth_training_anomaly.assemble import Crops, images_of
from wideberth_training_anomaly.control import Control
from wideberth_training_anomaly.judge import Rates, Scores, auroc, by_kind, rates, table
from wideberth_training_anomaly.pieces import CROP_SPANS_BOXES, Image, Piece

# Of the scores of simulated dolphins that the detector finds: others are never screened. Of a single crop; a track is
# lost only if all its crops are.
TAU_QUANTILE = 0.01
CROPS_A_TRACK = 3


def scores_of(network: OpenVinoNetwork | OnnxNetwork, images: list[Image]) -> Scores:
    """One score a crop, as the service computes it."""
    maps = (network.map_of(network_input(image, network.side_px)) for image in images)
    return np.array([score_of(found, 1 / CROP_SPANS_BOXES) for found in maps])


def measure(crops: Crops, graph: Path, alone: Path, weights: Path) -> tuple[dict[str, Any], str]:
    """Everything the card says about accuracy, and the same as Markdown."""
    network = OpenVinoNetwork(graph)
    calibration = scores_of(network, images_of(crops.calibration_found))
    threshold = float(np.quantile(calibration, TAU_QUANTILE))
    dolphins = scores_of(network, images_of(crops.test_animals))
    clutter_scores = scores_of(network, images_of(crops.test_clutter))
    rows = rates(dolphins, _kinds(crops.test_clutter, clutter_scores), threshold)
    control = _control(crops, weights)
    cetaceans = {name: scores_of(network, images_of(pieces)) for name, pieces in crops.cetaceans.items()}
    found: dict[str, Any] = {
        "threshold": round(threshold, 6),
        "test": {
            "dolphins": len(dolphins),
            "dolphins_lost_at_threshold": round(float((dolphins < threshold).mean()), 4),
            "by_surfacing": {
                kind: {"crops": len(part), "lost": round(float((part < threshold).mean()), 4)}
                for kind, part in _kinds(crops.test_animals, dolphins).items()
            },
            "clutter": [{key: _rounded(value) for key, value in asdict(row).items()} for row in rows],
            "tracks_of_three_crops": _tracks(crops, dolphins, clutter_scores, threshold),
        },
        "real_cetaceans": {
            name: {
                "crops": len(part),
                "lost_at_threshold": int((part < threshold).sum()),
                "lowest": round(float(part.min()), 4),
                "auroc_against_real_clutter": round(auroc(part, _real(crops, clutter_scores)), 4),
            }
            for name, part in cetaceans.items()
        },
        "efficientad_alone": _alone(crops, alone),
        "control": control,
        "parity_onnxruntime_openvino": _parity(graph, crops),
        "ms_a_crop": _pace(network, crops),
    }
    return found, table(rows)


def _alone(crops: Crops, graph: Path) -> list[dict[str, Any]]:
    """The table for EfficientAD's map without the classifier, at its own threshold."""
    network = OpenVinoNetwork(graph)
    threshold = float(np.quantile(scores_of(network, images_of(crops.calibration_found)), TAU_QUANTILE))
    dolphins = scores_of(network, images_of(crops.test_animals))
    clutter = _kinds(crops.test_clutter, scores_of(network, images_of(crops.test_clutter)))
    return [{key: _rounded(value) for key, value in asdict(row).items()} for row in rates(dolphins, clutter, threshold)]


def _kinds(pieces: list[Piece], scores: Scores) -> dict[str, Scores]:
    return by_kind((piece.kind for piece in pieces), scores)


def _real(crops: Crops, scores: Scores) -> Scores:
    real = np.array([not piece.group.startswith("simulated") for piece in crops.test_clutter])
    return scores[real] if real.any() else scores


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


def _tracks(crops: Crops, dolphins: Scores, clutter: Scores, threshold: float) -> dict[str, float]:
    """Error rates of tracks of three crops: of animals of different pictures, of clutter of one kind."""

    def lost(scores: Scores) -> float:
        whole = scores[: len(scores) // CROPS_A_TRACK * CROPS_A_TRACK].reshape(-1, CROPS_A_TRACK)
        return float((whole.max(axis=1) < threshold).mean())

    kinds = _kinds(crops.test_clutter, clutter)
    rejected = [lost(scores) for scores in kinds.values() if len(scores) >= CROPS_A_TRACK]
    return {
        "dolphins_lost": round(lost(dolphins), 4),
        "clutter_rejected_mean_of_kinds": round(float(np.mean(rejected)), 4),
    }


def _control(crops: Crops, weights: Path) -> dict[str, list[dict[str, Any]]]:
    """The same table for plain classifiers on pooled backbone features, trained on the same crops."""
    control = Control(weights)
    # A third is plenty for a classifier on 384 numbers.
    control.fit(images_of(crops.animals + crops.found_animals)[::3], images_of(crops.normals + crops.false_alarms)[::3])
    dolphins = control.scores(images_of(crops.test_animals))
    clutter = control.scores(images_of(crops.test_clutter))
    calibration = control.scores(images_of(crops.calibration_found))
    found: dict[str, list[Rates]] = {}
    for name in dolphins:
        threshold = float(np.quantile(calibration[name], TAU_QUANTILE))
        found[name] = rates(dolphins[name], _kinds(crops.test_clutter, clutter[name]), threshold)
    answer: dict[str, list[dict[str, Any]]] = {
        name: [{key: _rounded(value) for key, value in asdict(row).items()} for row in rows]
        for name, rows in found.items()
    }
    for folder, pieces in crops.cetaceans.items():
        for name, scores in control.scores(images_of(pieces)).items():
            limit = float(np.quantile(calibration[name], TAU_QUANTILE))
            answer[name].append({"kind": folder, "count": len(pieces), "lost": int((scores < limit).sum())})
    return answer


def _parity(graph: Path, crops: Crops) -> float:
    """Largest difference of scores between the two libraries."""
    images = images_of(crops.test_animals)[:40]
    one, other = (scores_of(library(graph), images) for library in (OnnxNetwork, OpenVinoNetwork))
    return float(np.abs(one - other).max())


def _pace(network: OpenVinoNetwork, crops: Crops) -> float:
    """Median time of one crop on this machine, pre-processing included."""
    times = []
    for image in images_of(crops.test_animals)[:40]:
        start = time.perf_counter()
        scores_of(network, [image])
        times.append(time.perf_counter() - start)
    return round(float(np.median(times)) * 1000, 1)
