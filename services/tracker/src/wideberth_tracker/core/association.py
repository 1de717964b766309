"""Which detection belongs to which track.

The cost of a pair is the negative log likelihood of the detection's place under the track's prediction, on the sea
where both have a position and in the picture otherwise, plus what their sizes say. A pair is out of the gate when its
place is too unlikely, unless the picture says plainly that it is the same thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from wideberth_tracker.core.bank import Bank
from wideberth_tracker.core.kalman import Floats, mahalanobis_squared
from wideberth_tracker.core.kinds import Group
from wideberth_tracker.core.overlap import iou
from wideberth_tracker.core.sightings import Bools, Sightings

GATE = 16.0
"""Squared Mahalanobis distance: 1 in 3,000 true pairs lies beyond (chi-squared, 2 degrees of freedom)."""
GATE_WEAK = 9.2
"""For weak boxes, 1 in 100: they are more often wrong."""
GATE_RELINK = 6.0
"""For tracks already given up, 1 in 20."""
SAME_BOX_IOU = 0.3
SAME_BOX_WITHIN_S = 1.0
"""A box that overlaps the expected one this much, this soon, is the same thing wherever the pose puts it."""
HULL_REACH = 0.6
"""A craft's box centre within this many hull lengths of the expected one lies on the same hull: near boats' boxes jump
between cabin and whole boat."""
RESCUED = 9.0
"""The cost in place of a larger one of pairs kept by either rule."""
LENGTH_LOG_SIGMA = 0.5
AREA_LOG_SIGMA = 0.8
"""Standard deviations of the logarithms of length on the sea and of box area between sightings of one object."""
MOST_SIZE_COST = 6.0
FORBIDDEN = 1e6


@dataclass(frozen=True, slots=True)
class PairCosts:
    """(n, m) over tracks and detections.

    Attributes:
        costs: to be made small; gates: squared Mahalanobis distance, infinite for pairs that cannot be.
        kept: pairs that the picture says plainly are the same thing.
    """

    costs: Floats
    gates: Floats
    kept: Bools


@dataclass(frozen=True, slots=True)
class Likeness:
    """What does not depend on the place of a pair, (n, m).

    Attributes:
        other: of different groups, so never one object; craft: both are craft; size: cost of their sizes.
    """

    other: Bools
    craft: Bools
    size: Floats


def likeness(bank: Bank, groups: Sequence[Group], sightings: Sightings) -> Likeness:
    """Likeness of all pairs; `groups` are those of the tracks."""
    mine, theirs = (np.array([_CODES[group] for group in side], dtype=int) for side in (groups, sightings.groups))
    same = mine[:, None] == theirs[None, :]
    return Likeness(~same, same & (mine == _CODES[Group.CRAFT])[:, None], _size(bank, sightings))


_CODES = {group: code for code, group in enumerate(Group)}


def pair_costs(bank: Bank, sightings: Sightings, like: Likeness, sea_shift: tuple[Floats, Floats]) -> PairCosts:
    """Costs of all pairs.

    Args:
        like: of the same tracks and detections.
        sea_shift: displacement (m, 2) by the frame's shared shift at each detection, and its covariance (m, 2, 2).
    """
    moved, doubt = sea_shift
    on_sea = bank.has_sea[:, None] & sightings.located[None, :]
    seen = sightings.sea - moved
    gates_sea, costs_sea = _place(bank.sea_means, bank.sea_covs, seen, sightings.sea_covs + doubt)
    gates_image, costs_image = _place(bank.image_means, bank.image_covs, sightings.boxes[:, :2], sightings.box_covs)
    gates, costs = np.where(on_sea, gates_sea, gates_image), np.where(on_sea, costs_sea, costs_image)
    kept = _same_box(bank, sightings) | (on_sea & like.craft & _same_hull(bank, sightings, seen))
    gates, costs = np.where(kept, np.minimum(gates, RESCUED), gates), np.where(kept, np.minimum(costs, RESCUED), costs)
    gates[like.other] = np.inf
    return PairCosts(costs + like.size, gates, kept)


def _place(means: Floats, covs: Floats, seen: Floats, seen_covs: Floats) -> tuple[Floats, Floats]:
    """Squared Mahalanobis distance and negative log likelihood, the latter relative to a perfectly known track."""
    offsets = seen[None, :, :] - means[:, None, :2]
    spread = covs[:, None, :2, :2] + seen_covs[None]
    squared, determinant = mahalanobis_squared(offsets, spread)
    own = seen_covs[:, 0, 0] * seen_covs[:, 1, 1] - seen_covs[:, 0, 1] ** 2
    return squared, squared + np.log(determinant / own[None, :])


def _same_box(bank: Bank, sightings: Sightings) -> Bools:
    overlap = iou(bank.upright(), sightings.upright)
    return np.asarray((overlap > SAME_BOX_IOU) & (bank.unseen_s <= SAME_BOX_WITHIN_S)[:, None], dtype=np.bool_)


def _same_hull(bank: Bank, sightings: Sightings, seen: Floats) -> Bools:
    long = np.maximum(
        np.where(bank.has_length, np.exp(bank.log_lengths), 0.0)[:, None],
        np.where(sightings.has_length, np.exp(sightings.log_lengths), 0.0)[None, :],
    )
    apart = seen[None, :, :] - bank.sea_means[:, None, :2]
    return np.asarray((apart**2).sum(axis=2) < (HULL_REACH * long) ** 2, dtype=np.bool_)


def _size(bank: Bank, sightings: Sightings) -> Floats:
    by_length = bank.has_length[:, None] & sightings.has_length[None, :]
    length = (bank.log_lengths[:, None] - sightings.log_lengths[None, :]) / LENGTH_LOG_SIGMA
    area_track = np.log(bank.boxes[:, 0] * bank.boxes[:, 1])
    area_seen = np.log(sightings.boxes[:, 2] * sightings.boxes[:, 3])
    area = (area_track[:, None] - area_seen[None, :]) / AREA_LOG_SIGMA
    return np.asarray(np.minimum(np.where(by_length, length, area) ** 2, MOST_SIZE_COST), dtype=np.float64)


def match(pairs: PairCosts, rows: Sequence[int], columns: Sequence[int], gate: float) -> list[tuple[int, int]]:
    """The cheapest one-to-one matching of these tracks and detections, of pairs inside the gate only.

    As many pairs as possible are made; among those sets the cheapest is taken.
    """
    if not rows or not columns:
        return []
    block = np.array(rows)[:, None], np.array(columns)[None, :]
    inside = pairs.gates[block] <= gate
    costs = np.where(inside, np.clip(pairs.costs[block], -FORBIDDEN / 100, FORBIDDEN / 100), FORBIDDEN)
    chosen_rows, chosen_columns = linear_sum_assignment(costs)
    return [
        (rows[row], columns[column])
        for row, column in zip(chosen_rows.tolist(), chosen_columns.tolist(), strict=True)
        if inside[row, column]
    ]
