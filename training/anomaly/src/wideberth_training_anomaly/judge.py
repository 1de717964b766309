"""How well scores part animals from clutter, and where the threshold goes.

The threshold is a low quantile of simulated dolphins' scores, never a quantile of clutter: what matters is how many
animals are lost. Error rates are of single crops unless said otherwise; a track is rejected only if all its crops are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rates:
    """One kind of clutter against the dolphins.

    Attributes:
        auroc: probability that a dolphin scores above a piece of this clutter.
        passed_at_99: share of this clutter that passes when 99 % of dolphins do.
        rejected: share rejected at the shipped threshold.
    """

    kind: str
    count: int
    auroc: float
    passed_at_99: float
    rejected: float


def auroc(positive: Scores, negative: Scores) -> float:
    """Probability that a positive scores above a negative, ties counting half."""
    order = np.sort(negative)
    below = np.searchsorted(order, positive, "left")
    not_above = np.searchsorted(order, positive, "right")
    return float((below + not_above).mean() / 2 / len(negative))


def rates(dolphins: Scores, clutter: dict[str, Scores], threshold: float) -> list[Rates]:
    """One row a kind of clutter and one for all, kinds weighing by their counts."""
    limit = float(np.quantile(dolphins, 0.01))
    rows = []
    for kind, scores in [*sorted(clutter.items()), ("all", np.concatenate(list(clutter.values())))]:
        passed, rejected = float((scores >= limit).mean()), float((scores < threshold).mean())
        rows.append(Rates(kind, len(scores), auroc(dolphins, scores), passed, rejected))
    return rows


def by_kind(kinds: Iterable[str], scores: Scores) -> dict[str, Scores]:
    """Scores sorted into their kinds."""
    names = np.array(list(kinds))
    return {str(kind): scores[names == kind] for kind in np.unique(names)}


def table(rows: list[Rates]) -> str:
    """The rows as Markdown."""
    lines = ["| clutter | crops | AUROC | passes at 99 % TPR | rejected at tau |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.kind} | {row.count} | {row.auroc:.3f} | {row.passed_at_99:.3f} | {row.rejected:.3f} |" for row in rows
    ]
    return "\n".join(lines)
