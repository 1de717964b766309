"""The second side: evidence for an animal, beside the distance from clutter.

EfficientAD alone knows clutter only, and with the steps a processor affords it does not beat a plain classifier on the
teacher's features (`control`). So the two are added: the classifier's log-odds, from features pooled in the middle of
the crop, and EfficientAD's map. The classifier knows what animals look like; the map speaks up for what neither has
seen.
"""

import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from torch import nn

from wideberth_training_anomaly.network import ClutterModel, RawMap
from wideberth_training_anomaly.pieces import Image
from wideberth_training_anomaly.teacher import BATCH, CHANNELS, Teacher, as_tensor

# Log-odds a unit of EfficientAD's map is worth. Not tuned: its spread over clutter, about 0.1, then counts as one.
MAP_WEIGHT = 10.0
# Strong enough that 384 features of some thousand crops do not learn single pictures.
REGULARISATION = 0.01
# Cells left out on each side of 24: the middle is the detection and as much again.
MARGIN_CELLS = 5


def pooled(teacher: Teacher, images: torch.Tensor) -> torch.Tensor:
    """(n, 384): mean and maximum of the teacher's stages in the middle of each crop."""
    cells = slice(MARGIN_CELLS, -MARGIN_CELLS)
    middle = teacher.both_stages(images)[:, :, cells, cells]
    return torch.cat([middle.mean((2, 3)), middle.amax((2, 3))], dim=1)


@torch.inference_mode()
def fit(teacher: Teacher, animals: list[Image], clutter: list[Image]) -> nn.Linear:
    """Log-odds of an animal from pooled features, as one linear layer."""
    parts = [pooled(teacher, part) for images in (animals, clutter) for part in as_tensor(images).split(BATCH)]
    features = torch.cat(parts).double().numpy()
    labels = [1] * len(animals) + [0] * len(clutter)
    scaler = StandardScaler().fit(features)
    classifier = LogisticRegression(C=REGULARISATION, max_iter=2000, class_weight="balanced")
    classifier.fit(scaler.transform(features), labels)
    weight = classifier.coef_[0] / scaler.scale_
    layer = nn.Linear(2 * CHANNELS, 1)
    layer.weight.copy_(torch.from_numpy(weight)[None])
    layer.bias.fill_(float(classifier.intercept_[0] - weight @ scaler.mean_))
    return layer


class TwoSidedMap(nn.Module):
    """What ships: log-odds of an animal plus the weighted map of EfficientAD, 32 x 32 over the whole crop."""

    def __init__(self, model: ClutterModel, log_odds: nn.Linear) -> None:
        super().__init__()
        self.clutter = RawMap(model)
        self.log_odds = log_odds

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """(n, 3, 128, 128) to (n, 1, 32, 32)."""
        evidence = self.log_odds(pooled(self.clutter.model.teacher, images))[:, :, None, None]
        found: torch.Tensor = MAP_WEIGHT * self.clutter(images) + evidence
        return found
