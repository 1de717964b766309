"""The control that should be run first: a plain classifier on pooled features of the same backbone.

One-class learning deserves its place only if it beats this on clutter neither has seen.
"""

from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from wideberth_training_anomaly.evidence import REGULARISATION, pooled
from wideberth_training_anomaly.judge import Scores
from wideberth_training_anomaly.pieces import Image
from wideberth_training_anomaly.teacher import BATCH, as_tensor, backbone

NEIGHBOURS = 15


class Control:
    """Two classifiers, animal against clutter, on mean and maximum of the features in the crop's middle."""

    def __init__(self, weights: Path) -> None:
        """Load the backbone."""
        self._backbone = backbone(weights)
        self._classifiers = {
            name: make_pipeline(StandardScaler(), classifier)
            for name, classifier in (
                ("logistic", LogisticRegression(C=REGULARISATION, max_iter=2000, class_weight="balanced")),
                ("knn", KNeighborsClassifier(NEIGHBOURS, weights="distance")),
            )
        }

    def fit(self, animals: list[Image], clutter: list[Image]) -> None:
        """Learn both classifiers."""
        features = np.concatenate([self._pooled(animals), self._pooled(clutter)])
        labels = np.repeat([1, 0], [len(animals), len(clutter)])
        for classifier in self._classifiers.values():
            classifier.fit(features, labels)

    def scores(self, crops: list[Image]) -> dict[str, Scores]:
        """By classifier, how much each crop looks like an animal."""
        features = self._pooled(crops)
        return {
            name: np.asarray(classifier.predict_proba(features)[:, 1]) for name, classifier in self._classifiers.items()
        }

    @torch.inference_mode()
    def _pooled(self, crops: list[Image]) -> Scores:
        parts = []
        for part in as_tensor(crops).split(BATCH):
            parts.append(pooled(self._backbone, part))
        return torch.cat(parts).double().numpy()
