"""Memory banks, to compare with: nearest neighbours of whole crops, and PatchCore's of places, both of two sides.

PatchCore is anomalib's coreset on the detector's features; its score of a crop is the mean of the most distant tenth of
the places where the detection lies. Two-sided: distance from clutter less distance from animals.
"""

import numpy as np
import torch
from anomalib.models.components import KCenterGreedy
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors
from torch.nn import functional

from wideberth_training_anomaly.judge import Scores
from wideberth_training_anomaly.pieces import Image
from wideberth_training_anomaly.teacher import Teacher, through

NEIGHBOURS = 5
CORESET, MOST_CROPS = 300, 300
# Of 24 x 24 cells pooled by twos: the middle six, where the detection lies.
MIDDLE = slice(3, 9)
TOP = 4


def neighbour_scores(bank: NDArray[np.float32], animals: NDArray[np.bool_], asked: NDArray[np.float32]) -> Scores:
    """Mean distance from the nearest clutter less that from the nearest animals, in the embedding."""
    away = [
        NearestNeighbors(n_neighbors=NEIGHBOURS).fit(bank[side]).kneighbors(asked)[0].mean(axis=1)
        for side in (~animals, animals)
    ]
    return np.asarray(away[0] - away[1], np.float64)


class PatchBank:
    """The places of many crops, thinned to a coreset."""

    @torch.inference_mode()  # without, the coreset keeps every step for a gradient: 24 GB
    def __init__(self, teacher: Teacher, crops: Image, seed: int) -> None:
        rng = np.random.default_rng(seed)
        chosen = crops[np.sort(rng.permutation(len(crops))[:MOST_CROPS])]
        torch.manual_seed(seed)
        self._teacher = teacher
        places = self._places(chosen)
        wanted = min(1.0, CORESET / len(places))
        self._bank = KCenterGreedy(embedding=places, sampling_ratio=wanted).sample_coreset()

    def distances(self, crops: Image) -> Scores:
        """One a crop."""
        found = []
        for at in range(0, len(crops), 64):
            part = crops[at : at + 64]
            nearest = torch.cdist(self._places(part), self._bank).amin(1).reshape(len(part), -1)
            found.append(nearest.topk(TOP, dim=1).values.mean(1))
        return torch.cat(found).double().numpy()

    def _places(self, crops: Image) -> torch.Tensor:
        def middle(images: torch.Tensor) -> torch.Tensor:
            smooth = functional.avg_pool2d(self._teacher.places(self._teacher.trunk(images)), 2)
            return smooth[:, :, MIDDLE, MIDDLE].permute(0, 2, 3, 1).flatten(1, 2)

        return through(middle, crops).flatten(0, 1)
