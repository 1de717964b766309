"""What one training run learns from and is judged by."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wideberth_servicekit.model_store import models_root, open_model
from wideberth_training_anomaly.compare import Lessons
from wideberth_training_anomaly.judge import screened
from wideberth_training_anomaly.looks import Looks, look
from wideberth_training_anomaly.pieces import Piece
from wideberth_training_anomaly.sources import real_cetaceans, real_clutter

CUTS_OF_A_PICTURE = 16
CETACEANS = ("porpoise_frames", "humpback_frames", "right_whale")


@dataclass(frozen=True, slots=True)
class Material:
    """Crops by use.

    Attributes:
        detector: version of the detector whose errors they are.
        released: its `model.onnx`.
        lessons: what is learnt from.
        calibrate: sets weight and thresholds; of flights and stills nothing else sees.
        test: of flights nothing else sees; of both only crops that the service would look at.
        real_clutter: of pictures nothing else sees; they only measure.
        cetaceans: real animals by folder; they only measure.
    """

    detector: str
    released: Path
    lessons: Lessons
    calibrate: Looks
    test: Looks
    real_clutter: list[Piece]
    cetaceans: dict[str, list[Piece]]


def assemble(work: Path, data: Path, seed: int) -> Material:
    """Everything, for the newest detector; the same pictures, detector and seed give the same."""
    stored = open_model(models_root("detector"), "detector")
    released = stored.file(".onnx")
    assert released is not None, "a released detector has an ONNX file"
    version = stored.folder.name
    taught = look(work, version, "train")
    rng = np.random.default_rng(seed)
    real = real_clutter(data, False, CUTS_OF_A_PICTURE, rng)
    images = [taught.images, *(piece.image[None] for piece in real)]
    return Material(
        detector=version,
        released=released,
        lessons=Lessons(np.concatenate(images), np.concatenate([taught.kinds, [piece.kind for piece in real]])),
        calibrate=screened(look(work, version, "calibrate")),
        test=screened(look(work, version, "test")),
        real_clutter=real_clutter(data, True, CUTS_OF_A_PICTURE, rng),
        cetaceans={folder: found for folder in CETACEANS if (found := real_cetaceans(data, folder))},
    )
