"""The second side: evidence for an animal, beside the distance from clutter.

EfficientAD alone knows clutter only. So two are added: log-odds of a linear classifier on the detector's own features,
pooled where the detection lies and over the crop, and EfficientAD's map with a measured weight. The classifier knows
what animals look like; the map speaks up for what neither has seen.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from torch import nn

from wideberth_training_anomaly.network import ClutterModel, RawMap
from wideberth_training_anomaly.pieces import Image
from wideberth_training_anomaly.teacher import CHANNELS_OF, POOLED_LAYERS, Teacher, through

Features = NDArray[np.float32]

# Strong enough that 1,728 features of some thousand crops do not learn single pictures.
REGULARISATION = 0.003
POOLED = 3 * sum(CHANNELS_OF[layer] for layer in POOLED_LAYERS)
# Share of the crop's side left out on each side: the middle is the detection with a little around it.
MARGIN = 0.31
EMBEDDED = 64


def pooled(teacher: Teacher, images: torch.Tensor) -> torch.Tensor:
    """(n, 1728): of each layer the mean and the maximum in the middle, and the mean of the whole crop."""
    answers = teacher.trunk(images)
    parts = []
    for layer in POOLED_LAYERS:
        found = answers[layer]
        side = int(found.shape[-1])
        edge = round(side * MARGIN)
        cells = slice(edge, side - edge)
        middle = found[:, :, cells, cells]
        parts += [middle.mean((2, 3)), middle.amax((2, 3)), found.mean((2, 3))]
    return torch.cat(parts, dim=1)


def features_of(teacher: Teacher, crops: Image) -> Features:
    """Pooled features of many crops."""
    return np.asarray(through(lambda part: pooled(teacher, part), crops).numpy(), np.float32)


def turned(crops: Image, seed: int) -> Image:
    """The crops turned by a random quarter and mirrored at random: the sea has no up."""
    rng = np.random.default_rng(seed)
    found = np.empty_like(crops)
    for index, crop in enumerate(crops):
        piece = np.rot90(crop, int(rng.integers(4)))
        found[index] = piece[:, ::-1] if rng.random() < 0.5 else piece
    return found


def fit(features: Features, animals: NDArray[np.bool_]) -> nn.Linear:
    """Log-odds of an animal from pooled features, as one linear layer."""
    scaler = StandardScaler().fit(features)
    classifier = LogisticRegression(C=REGULARISATION, max_iter=400, class_weight="balanced")
    classifier.fit(scaler.transform(features), animals)
    weight = classifier.coef_[0] / scaler.scale_
    layer = nn.Linear(features.shape[1], 1)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight)[None])
        layer.bias.fill_(float(classifier.intercept_[0] - weight @ scaler.mean_))
    return layer


def embedding(features: Features) -> nn.Linear:
    """Where a crop lies among others, 64 numbers: distances in it tell how alike two crops are."""
    scaler = StandardScaler().fit(features)
    found = PCA(min(EMBEDDED, *features.shape), random_state=0).fit(scaler.transform(features))
    weight = found.components_ / scaler.scale_
    layer = nn.Linear(features.shape[1], len(weight))
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight))
        layer.bias.copy_(torch.from_numpy(-weight @ scaler.mean_))
    return layer


class TwoSidedMap(nn.Module):
    """What ships: log-odds of an animal plus the weighted map of EfficientAD, 32 x 32, and the crop's embedding."""

    def __init__(self, model: ClutterModel, log_odds: nn.Linear, place: nn.Linear, map_weight: float) -> None:
        super().__init__()
        self.clutter = RawMap(model)
        self.log_odds, self.place = log_odds, place
        self.map_weight = map_weight

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, 3, 128, 128) to (n, 1, 32, 32) and (n, 64)."""
        features = pooled(self.clutter.model.teacher, images)
        evidence = self.log_odds(features)[:, :, None, None]
        found: torch.Tensor = self.map_weight * self.clutter(images) + evidence
        return found, self.place(features)
