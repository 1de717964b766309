"""All crops of one training run, on their sides of the split."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wideberth_training_anomaly.detections import detected, render_detections
from wideberth_training_anomaly.pieces import Image, Piece
from wideberth_training_anomaly.shards import Side, render, simulated
from wideberth_training_anomaly.sources import animal_piece, clutter_pieces, real_cetaceans, real_clutter

# Crops rendered a subject and side.
COUNTS: dict[tuple[str, Side], int] = {
    ("animal", "train"): 350,
    ("animal", "test"): 250,
    ("clutter", "train"): 600,
    ("clutter", "calibrate"): 100,
    ("clutter", "test"): 300,
}
CUTS_OF_ONE = 3
CUTS_OF_A_PICTURE = 40
CETACEANS = ("porpoise_frames", "humpback_frames", "right_whale")


@dataclass(frozen=True, slots=True)
class Crops:
    """Pieces by use.

    Attributes:
        normals: clutter to learn.
        animals: what must not be learnt.
        calibration_clutter: scales the maps.
        test_clutter, test_animals: of seeds and pictures nothing else has seen.
        found_animals, false_alarms: what the detector took for dolphins in training stills, right and wrong.
        calibration_found: animals it found in stills it never saw; they set the threshold.
        cetaceans: real animals by folder; they only measure.
    """

    normals: list[Piece]
    animals: list[Piece]
    calibration_clutter: list[Piece]
    found_animals: list[Piece]
    false_alarms: list[Piece]
    calibration_found: list[Piece]
    test_clutter: list[Piece]
    test_animals: list[Piece]
    cetaceans: dict[str, list[Piece]]


def render_all(shards: Path, workers: int) -> None:
    """Render what is missing."""
    for (subject, side), count in COUNTS.items():
        render(shards, subject, side, count, workers)  # type: ignore[arg-type]
    render_detections(shards, workers)


def assemble(shards: Path, data: Path, seed: int) -> Crops:
    """Cut everything; the same shards, data and seed give the same pieces."""
    rng = np.random.default_rng(seed)

    def clutter(side: Side, cuts: int) -> list[Piece]:
        return [
            piece for crop, at in simulated(shards, "clutter", side) for piece in clutter_pieces(crop, at, cuts, rng)
        ]

    def animals(side: Side, cuts: int) -> list[Piece]:
        return [animal_piece(crop, at, rng) for crop, at in simulated(shards, "animal", side) for _ in range(cuts)]

    found_animals, false_alarms = detected(shards, "train")
    test_found, test_alarms = detected(shards, "test")
    return Crops(
        normals=clutter("train", CUTS_OF_ONE) + real_clutter(data, False, CUTS_OF_A_PICTURE, rng),
        animals=animals("train", CUTS_OF_ONE),
        calibration_clutter=clutter("calibrate", CUTS_OF_ONE),
        found_animals=found_animals,
        false_alarms=false_alarms,
        calibration_found=detected(shards, "calibrate")[0],
        test_clutter=clutter("test", 1) + real_clutter(data, True, CUTS_OF_A_PICTURE, rng) + test_alarms,
        test_animals=animals("test", 1) + test_found,
        cetaceans={folder: found for folder in CETACEANS if (found := real_cetaceans(data, folder))},
    )


def images_of(pieces: list[Piece]) -> list[Image]:
    """The pixels."""
    return [piece.image for piece in pieces]
