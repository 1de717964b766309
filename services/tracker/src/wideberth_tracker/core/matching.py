"""One frame's detections given to tracks, and the filters brought up to it.

Association goes in order of trust: confirmed tracks take strong boxes, then weak ones; tentative tracks take what is
left; craft that were given up a short while ago are taken up again.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_contracts.tracks import TrackSettings, TrackState
from wideberth_tracker.core import association
from wideberth_tracker.core.association import Likeness, PairCosts, likeness, match, pair_costs
from wideberth_tracker.core.bank import Bank
from wideberth_tracker.core.births import first_cov
from wideberth_tracker.core.kalman import ONE_2, Floats, mahalanobis_squared, update
from wideberth_tracker.core.memory import Memory, TrackRecord
from wideberth_tracker.core.returns import begin_doubt, unsure_rows
from wideberth_tracker.core.shake import STEADY, SURPRISE, jolted, shake_after, shift_px
from wideberth_tracker.core.shift import ShiftEvidence, unmoved
from wideberth_tracker.core.sightings import Sightings

SIZE_GAIN = 0.3
"""Weight of a new box in the smoothed box size."""
Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of the picture's motion to this frame.

    Attributes:
        doubt_px: what is left open, per axis; shaken_s: time it shook unmeasured, 0 where it was measured.
    """

    width_px: int
    doubt_px: float
    shaken_s: float


class _Frame:
    """A frame's tracks and detections at work."""

    def __init__(self, memory: Memory, bank: Bank, sightings: Sightings, settings: TrackSettings) -> None:
        tracks = memory.tracks
        self.memory, self.bank, self.sightings = memory, bank, sightings
        self.rows = {state: [i for i, track in enumerate(tracks) if track.state is state] for state in TrackState}
        sure = sightings.confidences >= settings.high_confidence
        self.strong, self.weak = np.flatnonzero(sure).tolist(), np.flatnonzero(~sure).tolist()

    def first(self, costs: PairCosts) -> Pairs:
        """Confirmed tracks and strong boxes."""
        return match(costs, self.rows[TrackState.CONFIRMED], self.strong, association.GATE)

    def fresh(self, pairs: Pairs) -> int:
        """How many confirmed tracks that were seen in the last frame are among the pairs."""
        tracks = self.memory.tracks
        return sum(tracks[row].misses == 0 for row, _ in pairs)


def associate(
    memory: Memory, rows: list[TrackRecord], bank: Bank, sightings: Sightings, settings: TrackSettings, picture: Picture
) -> tuple[dict[int, int], set[int]]:
    """Match, estimate the frame's shared shift, match again without it, and update the filters in `bank`.

    Args:
        memory: its tracks are the first of `rows`; fallbacks follow, and are matched with nothing.
        rows: of `bank`.

    Returns:
        The detection of each matched track, and which of these tracks have returned without certainty.
    """
    tracks = memory.tracks
    if not tracks or not len(sightings):
        return {}, set()
    frame = _Frame(memory, bank, sightings, settings)
    bank.image_covs[:, :2, :2] += picture.doubt_px**2 * ONE_2
    like = likeness(bank, [row.group for row in rows], sightings)
    costs = _first_match(frame, like, picture)
    doubtful = unsure_rows(bank, tracks, memory.strays)
    if doubtful:
        block = np.ix_(doubtful, frame.weak)
        costs.gates[block] = np.where(costs.kept[block], costs.gates[block], np.inf)
    pairs = _match_in_turn(costs, frame)
    unsure = {row for row, column in pairs if row in doubtful and not costs.kept[row, column]}
    begin_doubt(bank, tracks, unsure)
    _update(bank, sightings, pairs, tracks, costs)
    return dict(pairs), unsure


def _first_match(frame: _Frame, like: Likeness, picture: Picture) -> PairCosts:
    """Costs with the frame's shared shift taken away, from a first match of what is certain."""
    bank, sightings, memory = frame.bank, frame.sightings, frame.memory
    unknown = unmoved(sightings.basis)
    costs = pair_costs(bank, sightings, like, unknown)
    first, doubt_px = frame.first(costs), picture.doubt_px
    if picture.shaken_s > 0:
        calm_covs = bank.image_covs
        fresh = sum(memory.tracks[row].misses == 0 for row in frame.rows[TrackState.CONFIRMED])
        if memory.shake < STEADY and frame.fresh(first) < fresh:
            bank.image_covs = jolted(calm_covs, memory.shake, picture.width_px, picture.shaken_s)
            wider = pair_costs(bank, sightings, like, unknown)
            again = frame.first(wider)
            if frame.fresh(again) > frame.fresh(first):
                costs, first, memory.shake = wider, again, 1.0
                doubt_px = shift_px(1.0, picture.width_px)
            else:
                bank.image_covs = calm_covs
        memory.shake = shake_after(memory.shake, bank, sightings, first, picture.shaken_s)
    _shift_picture(bank, sightings, first, doubt_px)
    if len(first) > 1:
        evidence = _sea_evidence(bank, sightings, first, costs)
        costs = pair_costs(bank, sightings, like, evidence.effect(sightings.basis))
    return costs


def _match_in_turn(costs: PairCosts, frame: _Frame) -> Pairs:
    pairs: Pairs = []
    turns = (
        (TrackState.CONFIRMED, frame.strong, association.GATE),
        (TrackState.CONFIRMED, frame.weak, association.GATE_WEAK),
        (TrackState.TENTATIVE, frame.strong, association.GATE),
        (TrackState.TENTATIVE, frame.weak, association.GATE_WEAK),
        (TrackState.LOST, frame.strong, association.GATE_RELINK),
    )
    for state, columns, gate in turns:
        used_rows, used_columns = {row for row, _ in pairs}, {column for _, column in pairs}
        free_rows = [row for row in frame.rows[state] if row not in used_rows]
        pairs += match(costs, free_rows, [column for column in columns if column not in used_columns], gate)
    return pairs


def _shift_picture(bank: Bank, sightings: Sightings, pairs: Pairs, doubt_px: float) -> None:
    """With two or more matches, take the picture's remaining shift from them and move every track along."""
    if len(pairs) < 2:
        return
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    residuals = sightings.boxes[columns, :2] - bank.image_means[rows, :2]
    doubt = doubt_px**2 * ONE_2
    covs = bank.image_covs[rows][:, :2, :2] - doubt + sightings.box_covs[columns]
    basis = np.broadcast_to(doubt_px * ONE_2, (len(rows), 2, 2))
    squared, _ = mahalanobis_squared(residuals, covs + doubt)
    evidence = ShiftEvidence.of(residuals, covs, basis, (squared < SURPRISE).astype(np.float64))
    shift, cov = evidence.effect(basis[:1])
    bank.shift_picture(shift[0], cov[0] - doubt)


def _sea_evidence(bank: Bank, sightings: Sightings, pairs: Pairs, costs: PairCosts) -> ShiftEvidence:
    """What matched pairs say about the shared shift on the sea; pairs without position or with a jump have no vote."""
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    on_sea = bank.has_sea[rows] & sightings.located[columns]
    residuals = sightings.sea[columns] - bank.sea_means[rows, :2]
    covs = bank.sea_covs[rows][:, :2, :2] + sightings.sea_covs[columns]
    trusted = on_sea & (costs.gates[rows, columns] < SURPRISE)
    return ShiftEvidence.of(residuals, covs, sightings.basis[columns], trusted.astype(np.float64))


def _update(bank: Bank, sightings: Sightings, pairs: Pairs, tracks: list[TrackRecord], costs: PairCosts) -> None:
    if not pairs:
        return
    _update_picture(bank, sightings, pairs)
    both = [(row, column) for row, column in pairs if sightings.located[column]]
    known = [(row, column) for row, column in both if bank.has_sea[row]]
    if known:
        _update_sea(bank, sightings, known, tracks, costs)
    for row, column in both:
        if not bank.has_sea[row]:
            bank.has_sea[row] = True
            bank.sea_means[row] = [*sightings.sea[column], 0.0, 0.0]
            bank.sea_covs[row] = first_cov(sightings.sea_covs[column], tracks[row].model.first_speed_mps)


def _update_picture(bank: Bank, sightings: Sightings, pairs: Pairs) -> None:
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    seen, covs = sightings.boxes[columns, :2], sightings.box_covs[columns]
    covs = _less_trusted(seen - bank.image_means[rows, :2], bank.image_covs[rows][:, :2, :2], covs)
    bank.image_means[rows], bank.image_covs[rows] = update(bank.image_means[rows], bank.image_covs[rows], seen, covs)
    old, new = bank.boxes[rows, :2], sightings.boxes[columns, 2:4]
    bank.boxes[rows, :2] = np.exp((1 - SIZE_GAIN) * np.log(old) + SIZE_GAIN * np.log(new))
    bank.boxes[rows, 2] = sightings.boxes[columns, 4]


def _update_sea(bank: Bank, sightings: Sightings, pairs: Pairs, tracks: list[TrackRecord], costs: PairCosts) -> None:
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    confirmed = np.array([tracks[row].state is TrackState.CONFIRMED for row in rows])
    evidence = _sea_evidence(bank, sightings, pairs, costs)
    votes = ShiftEvidence(evidence.residuals, evidence.precisions * confirmed[:, None, None], evidence.basis)
    moved, doubt = votes.without_each()
    seen = sightings.sea[columns] - moved
    covs = sightings.sea_covs[columns] + doubt
    covs = _less_trusted(seen - bank.sea_means[rows, :2], bank.sea_covs[rows][:, :2, :2], covs)
    bank.sea_means[rows], bank.sea_covs[rows] = update(bank.sea_means[rows], bank.sea_covs[rows], seen, covs)


def _less_trusted(residuals: Floats, expected: Floats, seen_covs: Floats) -> Floats:
    """Widen the error of sightings that lie further off than `SURPRISE` allows, in proportion."""
    squared, _ = mahalanobis_squared(residuals, expected + seen_covs)
    return seen_covs * np.maximum(1.0, squared / SURPRISE)[:, None, None]
