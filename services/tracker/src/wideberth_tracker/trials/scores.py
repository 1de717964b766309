"""Scores of multi-object tracking: CLEAR (MOTA), identity (IDF1) and HOTA.

Definitions: Bernardin and Stiefelhagen 2008 (CLEAR), Ristani and others 2016 (IDF1), Luiten and others 2020 (HOTA).
Boxes overlap by intersection over union. All fractions are 0 to 1.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from wideberth_tracker.core.kalman import Floats
from wideberth_tracker.core.mot import MotBox
from wideberth_tracker.core.overlap import iou

ALPHAS = np.arange(0.05, 0.99, 0.05)
"""Overlaps over which HOTA is averaged: 0.05 to 0.95."""
MATCH_IOU = 0.5


@dataclass(frozen=True, slots=True)
class Scores:
    """Sums over one or more sequences; the ratios follow from them.

    Attributes:
        truths, guesses: boxes; misses, false_alarms, switches: of CLEAR at an overlap of 0.5.
        identity_hits: IDTP.
        det, ass, hota: per alpha, weighted over sequences by `weight`.
    """

    truths: int
    guesses: int
    misses: int
    false_alarms: int
    switches: int
    identity_hits: int
    matched: Floats
    association: Floats

    @property
    def mota(self) -> float:
        """1 - (misses + false alarms + switches) / truths."""
        return 1 - (self.misses + self.false_alarms + self.switches) / self.truths

    @property
    def idf1(self) -> float:
        """2 IDTP / (truths + guesses)."""
        return 2 * self.identity_hits / (self.truths + self.guesses)

    @property
    def det_a(self) -> float:
        """Detection accuracy: matched / (truths + guesses - matched), mean over alphas."""
        return float(np.mean(self._det()))

    @property
    def ass_a(self) -> float:
        """Association accuracy, mean over alphas."""
        return float(np.mean(self.association / np.maximum(self.matched, 1)))

    @property
    def hota(self) -> float:
        """sqrt(DetA x AssA), mean over alphas."""
        return float(np.mean(np.sqrt(self._det() * self.association / np.maximum(self.matched, 1))))

    def _det(self) -> Floats:
        return self.matched / np.maximum(self.truths + self.guesses - self.matched, 1)

    def __add__(self, other: "Scores") -> "Scores":
        """Both sequences together."""
        return Scores(
            self.truths + other.truths,
            self.guesses + other.guesses,
            self.misses + other.misses,
            self.false_alarms + other.false_alarms,
            self.switches + other.switches,
            self.identity_hits + other.identity_hits,
            self.matched + other.matched,
            self.association + other.association,
        )


def score(truth: Sequence[MotBox], guess: Sequence[MotBox]) -> Scores:
    """Scores of one sequence."""
    frames = _frames(truth, guess)
    misses, false_alarms, switches = _clear(frames)
    matched, association = _hota(frames, truth, guess)
    return Scores(
        truths=len(truth),
        guesses=len(guess),
        misses=misses,
        false_alarms=false_alarms,
        switches=switches,
        identity_hits=_identity(frames),
        matched=matched,
        association=association,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    truth_ids: NDArray[np.int64]
    guess_ids: NDArray[np.int64]
    overlap: Floats


def _frames(truth: Sequence[MotBox], guess: Sequence[MotBox]) -> list[_Frame]:
    """Overlaps of every frame; ids become indices from 0."""
    sides = []
    for boxes in (truth, guess):
        index = {identity: number for number, identity in enumerate(sorted({box.identity for box in boxes}))}
        by_frame = defaultdict(list)
        for box in boxes:
            by_frame[box.frame].append((index[box.identity], box))
        sides.append(by_frame)
    return [_frame(sides[0][frame], sides[1][frame]) for frame in sorted({*sides[0], *sides[1]})]


def _frame(truth: list[tuple[int, MotBox]], guess: list[tuple[int, MotBox]]) -> _Frame:
    ids = [np.array([number for number, _ in side], dtype=np.int64) for side in (truth, guess)]
    corners = [
        np.array(
            [(b.left_px, b.top_px, b.left_px + b.width_px, b.top_px + b.height_px) for _, b in side],
            dtype=np.float64,
        ).reshape(-1, 4)
        for side in (truth, guess)
    ]
    return _Frame(ids[0], ids[1], iou(corners[0], corners[1]))


def _clear(frames: Sequence[_Frame]) -> tuple[int, int, int]:
    """Misses, false alarms and switches; a pair of the frame before is kept while it overlaps enough."""
    misses = false_alarms = switches = 0
    last: dict[int, int] = {}
    current: dict[int, int] = {}
    for frame in frames:
        kept = np.array(
            [[current.get(t) == g for g in frame.guess_ids.tolist()] for t in frame.truth_ids.tolist()], dtype=bool
        )
        value = np.where(frame.overlap >= MATCH_IOU, frame.overlap, 0.0)
        gain = value + 1000.0 * (kept.reshape(value.shape) & (value > 0))
        rows, columns = linear_sum_assignment(-gain)
        pairs = [(r, c) for r, c in zip(rows.tolist(), columns.tolist(), strict=True) if value[r, c] > 0]
        current = {int(frame.truth_ids[r]): int(frame.guess_ids[c]) for r, c in pairs}
        switches += sum(last.get(truth, guess) != guess for truth, guess in current.items())
        last.update(current)
        misses += len(frame.truth_ids) - len(pairs)
        false_alarms += len(frame.guess_ids) - len(pairs)
    return misses, false_alarms, switches


def _identity(frames: Sequence[_Frame]) -> int:
    """Most boxes that a one-to-one pairing of whole tracks can explain."""
    shape = [1 + max((int(ids.max()) for ids in side if len(ids)), default=0) for side in _sides(frames)]
    together = np.zeros(shape)
    for frame in frames:
        rows, columns = np.nonzero(frame.overlap >= MATCH_IOU)
        np.add.at(together, (frame.truth_ids[rows], frame.guess_ids[columns]), 1)
    rows, columns = linear_sum_assignment(-together)
    return int(together[rows, columns].sum())


def _sides(frames: Sequence[_Frame]) -> tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]]:
    return [frame.truth_ids for frame in frames], [frame.guess_ids for frame in frames]


def _hota(frames: Sequence[_Frame], truth: Sequence[MotBox], guess: Sequence[MotBox]) -> tuple[Floats, Floats]:
    """Per alpha: matched boxes, and the sum of their association scores."""
    sizes = [len({box.identity for box in boxes}) for boxes in (truth, guess)]
    alike, truth_counts, guess_counts = np.zeros(sizes), np.zeros((sizes[0], 1)), np.zeros((1, sizes[1]))
    for frame in frames:
        total = frame.overlap.sum(0)[None, :] + frame.overlap.sum(1)[:, None] - frame.overlap
        share = np.where(total > 1e-12, frame.overlap / np.maximum(total, 1e-12), 0.0)
        alike[frame.truth_ids[:, None], frame.guess_ids[None, :]] += share
        truth_counts[frame.truth_ids] += 1
        guess_counts[0, frame.guess_ids] += 1
    alignment = alike / np.maximum(truth_counts + guess_counts - alike, 1e-12)
    pairs = np.zeros((len(ALPHAS), *sizes))
    for frame in frames:
        gain = alignment[frame.truth_ids[:, None], frame.guess_ids[None, :]] * frame.overlap
        rows, columns = linear_sum_assignment(-gain)
        for index, alpha in enumerate(ALPHAS):
            good = frame.overlap[rows, columns] >= alpha - 1e-12
            np.add.at(pairs[index], (frame.truth_ids[rows[good]], frame.guess_ids[columns[good]]), 1)
    jaccard = pairs / np.maximum(truth_counts + guess_counts - pairs, 1)
    return pairs.sum((1, 2)), (pairs * jaccard).sum((1, 2))
