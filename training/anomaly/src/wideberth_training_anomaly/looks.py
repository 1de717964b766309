"""Crops at what the newest detector takes for dolphins in the kept flights and stills, cut as the pipeline cuts them.

Kept by detector version: another detector errs elsewhere. Pictures come from `bench.accuracy.sim_flights` and from
`wideberth_training_detector.batches.stills_set`; the sides of the split never share a seed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.accuracy.sightings import Sighting, of_flight, of_still
from bench.accuracy.sim_flights import flight, render_flights
from wideberth_anomaly.core.scoring import network_input
from wideberth_detector.local import LocalDetector
from wideberth_media import as_array
from wideberth_training_anomaly.pieces import SIDE_PX, Image

Side = Literal["train", "calibrate", "test"]

FIRST_FLIGHT: dict[Side, int] = {"train": 700_000, "calibrate": 720_000, "test": 740_000}
FLIGHTS: dict[Side, int] = {"train": 40, "calibrate": 60, "test": 40}
FIRST_STILL: dict[Side, int] = {"train": 500_100, "calibrate": 610_000}
STILLS: dict[Side, int] = {"train": 800, "calibrate": 300}
# Weak detections teach, for there are many; those strong enough to found a track set the threshold and judge.
TEACHING_CONFIDENCE, JUDGING_CONFIDENCE = 0.05, 0.15
A_SHARD = 10


@dataclass(frozen=True, slots=True)
class Looks:
    """Sightings as columns: pixels (n, 128, 128, 3) BGR, kind, surfacing, flight or still, confidence, time."""

    images: Image
    kinds: NDArray[np.str_]
    tracks: NDArray[np.str_]
    groups: NDArray[np.str_]
    confidences: NDArray[np.float64]
    times_s: NDArray[np.float64]

    @property
    def animals(self) -> NDArray[np.bool_]:
        """Which are of dolphins."""
        return np.asarray(self.kinds == "dolphin")

    def where(self, which: NDArray[np.bool_]) -> "Looks":
        """A part of them."""
        return Looks(*(getattr(self, name)[which] for name in self.__slots__))

    def __len__(self) -> int:
        """How many."""
        return len(self.kinds)


def look(work: Path, version: str, side: Side, workers_threads: int = 1) -> Looks:
    """All sightings of one side with the newest detector; what is kept already is not looked at again."""
    cv2.setNumThreads(workers_threads)
    kept = work / "looks" / version
    kept.mkdir(parents=True, exist_ok=True)
    detector: LocalDetector | None = None
    parts = []
    first = FIRST_FLIGHT[side]
    for seed in range(first, first + FLIGHTS[side], A_SHARD):
        path = kept / f"{side}_flights_{seed}.npz"
        if not path.is_file():
            detector = detector or LocalDetector.open(threads=workers_threads)
            seeds = range(seed, seed + A_SHARD)
            render_flights(seeds, workers_threads, work / "flights")
            found = (s for one in seeds for s in of_flight(detector, flight(one, work / "flights"), one, _least(side)))
            _save(path, found)
        parts.append(_load(path))
    for source in sorted((work / "stills").glob(f"{side}_*.npz")):
        path = kept / f"{side}_stills_{source.stem}.npz"
        if not path.is_file():
            detector = detector or LocalDetector.open(threads=workers_threads)
            _save(path, _in_stills(detector, source, _least(side)))
        parts.append(_load(path))
    return Looks(*(np.concatenate([getattr(part, name) for part in parts]) for name in Looks.__slots__))


def _least(side: Side) -> float:
    return TEACHING_CONFIDENCE if side == "train" else JUDGING_CONFIDENCE


def render_stills(work: Path, workers: int) -> None:
    """Draw the stills of training and calibration that are not kept yet."""
    from wideberth_training_detector.batches.stills_set import render

    for side, count in STILLS.items():
        if not any((work / "stills").glob(f"{side}_*.npz")):
            render(FIRST_STILL[side], count, 640, work / "stills" / f"{side}_0.npz", workers)


def _in_stills(detector: LocalDetector, source: Path, least: float) -> Iterable[Sighting]:
    with np.load(source, allow_pickle=False) as kept:
        blobs, offsets, origins = kept["bytes"], kept["offsets"], kept["origin"]
    for index, origin in enumerate(origins):
        picture = cv2.imdecode(blobs[offsets[index] : offsets[index + 1]], cv2.IMREAD_COLOR)
        assert picture is not None
        yield from of_still(detector, np.asarray(picture, np.uint8), int(str(origin).partition(":")[2]), least)


def _save(path: Path, sightings: Iterable[Sighting]) -> None:
    found = list(sightings)
    images = [as_piece(np.asarray(as_array(one.crop))) for one in found]
    np.savez(
        path,
        images=np.array(images, np.uint8).reshape(-1, SIDE_PX, SIDE_PX, 3),
        kinds=np.array([one.kind for one in found], np.str_),
        tracks=np.array([one.track for one in found], np.str_),
        groups=np.array([one.group for one in found], np.str_),
        confidences=np.array([one.crop.meta.confidence for one in found], np.float64),
        times_s=np.array([one.crop.meta.t_s for one in found], np.float64),
    )


def as_piece(crop: Image) -> Image:
    """A crop at the network's size, BGR."""
    planes = network_input(crop, SIDE_PX)[0]
    return np.asarray(np.clip(np.rint(planes.transpose(1, 2, 0)[:, :, ::-1] * 255), 0, 255), np.uint8)


def _load(path: Path) -> Looks:
    with np.load(path, allow_pickle=False) as kept:
        return Looks(*(kept[name] for name in Looks.__slots__))
