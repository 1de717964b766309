"""The table: every way of scoring, judged alike on flights nothing was learnt from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from wideberth_training_anomaly import evidence
from wideberth_training_anomaly.banks import PatchBank, neighbour_scores
from wideberth_training_anomaly.judge import Scores, auroc, least_share, threshold, tracks_of
from wideberth_training_anomaly.looks import Looks
from wideberth_training_anomaly.pieces import Image
from wideberth_training_anomaly.teacher import Teacher

# Kinds with fewer crops to learn from, or fewer tracks to judge by, are not left out one at a time.
LEAST_LEARNT, LEAST_JUDGED = 25, 8


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learnt from: crops, which are animals, and of what kind each is."""

    images: Image
    kinds: NDArray[np.str_]

    @property
    def animals(self) -> NDArray[np.bool_]:
        """Which are of dolphins."""
        return np.asarray(self.kinds == "dolphin")

    def without(self, kind: str) -> "Lessons":
        """All but one kind."""
        keep = self.kinds != kind
        return Lessons(self.images[keep], self.kinds[keep])


Method = Callable[[Lessons, Looks], Scores]


class Methods:
    """Ways of scoring that are learnt in seconds, so that kinds can be left out one at a time."""

    def __init__(self, teacher: Teacher, lessons: Lessons, asked: tuple[Looks, ...], seed: int) -> None:
        """Compute features once."""
        self._teacher, self._seed = teacher, seed
        self._images = {id(looks): looks.images for looks in asked}
        self._features = {id(looks): evidence.features_of(teacher, looks.images) for looks in asked}
        upright = evidence.features_of(teacher, lessons.images)
        turned = evidence.features_of(teacher, evidence.turned(lessons.images, seed))
        self.taught = np.concatenate([upright, turned])
        self.kinds = np.concatenate([lessons.kinds, lessons.kinds])
        self._lessons = lessons
        self._banks: dict[str, PatchBank] = {}
        self._fitted: dict[str | None, nn.Linear] = {}

    def features(self, looks: Looks) -> evidence.Features:
        """Pooled features of a side."""
        return self._features[id(looks)]

    def logistic(self, left_out: str | None, looks: Looks) -> Scores:
        """The control: a linear classifier on the detector's features."""
        return _apply(self.log_odds(left_out), self.features(looks))[:, 0]

    def log_odds(self, left_out: str | None = None) -> nn.Linear:
        """The linear classifier, without one kind of clutter if told so."""
        if left_out not in self._fitted:
            keep = self.kinds != left_out
            self._fitted[left_out] = evidence.fit(self.taught[keep], self.kinds[keep] == "dolphin")
        return self._fitted[left_out]

    def nearest(self, left_out: str | None, looks: Looks) -> Scores:
        """Nearest neighbours of both sides, in the embedding."""
        keep = self.kinds != left_out
        place = evidence.embedding(self.taught[keep])
        bank = _apply(place, self.taught[keep]).astype(np.float32)
        asked = _apply(place, self.features(looks)).astype(np.float32)
        return neighbour_scores(bank, self.kinds[keep] == "dolphin", asked)

    def patchcore(self, left_out: str | None, looks: Looks) -> Scores:
        """Far from clutter."""
        return self._bank(f"clutter without {left_out}", left_out).distances(looks.images)

    def patchcore_two_sided(self, left_out: str | None, looks: Looks) -> Scores:
        """Far from clutter and near to animals."""
        near = self._bank("dolphin", None, animals=True).distances(looks.images)
        return self.patchcore(left_out, looks) - near

    def _bank(self, name: str, left_out: str | None, *, animals: bool = False) -> PatchBank:
        if name not in self._banks:
            lessons = self._lessons if left_out is None else self._lessons.without(left_out)
            self._banks[name] = PatchBank(self._teacher, lessons.images[lessons.animals == animals], self._seed)
        return self._banks[name]


def _apply(layer: Any, features: evidence.Features) -> Scores:
    weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    return np.asarray(features @ weight.T + bias, np.float64)


def row(name: str, calibrate: tuple[Looks, Scores], test: tuple[Looks, Scores]) -> dict[str, Any]:
    """One way of scoring: what it keeps and rejects of tracks at the threshold from its own calibration."""
    limit, bound = threshold(tracks_of(*calibrate).animals)
    judged = tracks_of(*test)
    kept = judged.animals >= limit
    return {
        "method": name,
        "auroc_tracks": round(auroc(judged.animals, judged.clutter), 4),
        "auroc_crops": round(auroc(test[1][test[0].animals], test[1][~test[0].animals]), 4),
        "surfacings": len(kept),
        "surfacings_kept": round(float(kept.mean()), 4),
        "kept_at_least_95": round(least_share(int(kept.sum()), len(kept)), 4),
        "calibrated_bound": round(bound, 4),
        "clutter_tracks": len(judged.clutter),
        "clutter_rejected": round(float((judged.clutter < limit).mean()), 4),
        "clutter_rejected_at_99_kept": round(float((judged.clutter < np.quantile(judged.animals, 0.01)).mean()), 4),
    }


def by_kind(calibrate: tuple[Looks, Scores], test: tuple[Looks, Scores]) -> list[dict[str, Any]]:
    """Rejected tracks and AUROC for each kind of clutter."""
    limit, _ = threshold(tracks_of(*calibrate).animals)
    judged = tracks_of(*test)
    rows = []
    for kind in sorted(set(judged.kinds) - {"dolphin"}):
        scores = judged.scores[judged.kinds == kind]
        rows.append(
            {
                "kind": str(kind),
                "tracks": len(scores),
                "rejected": round(float((scores < limit).mean()), 4),
                "auroc": round(auroc(judged.animals, scores), 4),
            }
        )
    return rows


def left_out(
    methods: Methods, names: tuple[str, ...], calibrate: Looks, test: Looks
) -> dict[str, list[dict[str, Any]]]:
    """Each method without one kind of clutter, judged on that kind alone."""
    learnt = {kind: int((methods.kinds == kind).sum()) // 2 for kind in np.unique(methods.kinds)}
    answers: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for kind in sorted(set(np.unique(test.kinds)) - {"dolphin"}):
        tracks = len(np.unique(test.tracks[test.kinds == kind]))
        if learnt.get(kind, 0) < LEAST_LEARNT or tracks < LEAST_JUDGED:
            continue
        for name in names:
            method = getattr(methods, name)
            limit, _ = threshold(tracks_of(calibrate, method(kind, calibrate)).animals)
            judged = tracks_of(test, method(kind, test))
            scores = judged.scores[judged.kinds == kind]
            answers[name].append(
                {
                    "kind": str(kind),
                    "tracks": len(scores),
                    "rejected": round(float((scores < limit).mean()), 4),
                    "auroc": round(auroc(judged.animals, scores), 4),
                }
            )
    return answers
