"""One frame: predict, associate, update, and the lives of tracks.

Association goes in order of trust: confirmed tracks take strong boxes, then weak ones; tentative tracks take what is
left; craft that were given up a short while ago are taken up again; what strong boxes remain begin new tracks, unless
they only repeat an object that was matched already (a cabin inside its boat).
"""

from dataclasses import dataclass

import numpy as np

from wideberth_contracts.tracks import TrackSettings, TrackState
from wideberth_tracker.core import association
from wideberth_tracker.core.association import PairCosts, likeness, match, pair_costs
from wideberth_tracker.core.bank import Bank
from wideberth_tracker.core.belief import why_not_believed
from wideberth_tracker.core.births import births, first_cov
from wideberth_tracker.core.kalman import Floats, mahalanobis_squared, update
from wideberth_tracker.core.kinds import Group
from wideberth_tracker.core.length import length_of
from wideberth_tracker.core.memory import Memory, TrackRecord
from wideberth_tracker.core.returns import begin_doubt, end_doubt, strays_after, unsure_rows
from wideberth_tracker.core.shift import FrameShift, ShiftEvidence
from wideberth_tracker.core.sightings import Sightings

RELINK_FACTOR = 3.0
"""Craft that were given up are kept in mind for this many times `lost_after_s`."""
SURPRISE = 9.0
"""Squared Mahalanobis distance from which a matched sighting is trusted less: a box that jumped."""
SIZE_GAIN = 0.3
"""Weight of a new box in the smoothed box size."""
UNKNOWN_MOTION_PX = 8.0
KNOWN_MOTION_PX = 1.0
POSED_MOTION_PX = 3.0
"""Standard deviation per axis of the picture's shift between two frames, for a picture 1920 px wide: not measured,
measured in the pictures, and worked out from poses whose angles tremble by about 0.1 deg."""


CAMERA_TURN_PX = 150.0
"""How much a camera whose motion is not measured may turn, px/s^1.5 in a picture 1920 px wide."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame as the tracker takes it.

    Attributes:
        sightings: None where nothing could be sensed.
        later_from_earlier: (3, 3) motion of the picture, None where unknown.
        by_pose: the motion comes from poses, not from the pictures.
    """

    t_s: float
    width_px: int
    sightings: Sightings | None
    later_from_earlier: Floats | None
    by_pose: bool = False


@dataclass(frozen=True, slots=True)
class Passing:
    """What a frame did to one track.

    Attributes:
        detection: index of its detection, None where it was carried on without.
        closed: why it ended with this frame, None where it goes on.
        unsure: index of a detection that may be its return after a gap; the next frame decides.
    """

    track: TrackRecord
    detection: int | None
    closed: str | None = None
    unsure: int | None = None

    @property
    def shown(self) -> TrackRecord:
        """The track as it is told: without a return that is not certain."""
        return self.track.fallback or self.track


def step(memory: Memory, moment: Moment, settings: TrackSettings) -> list[Passing]:
    """Bring one frame into `memory` and say what happened to each track."""
    dt_s = 0.0 if memory.now_s is None else moment.t_s - memory.now_s
    memory.now_s = moment.t_s
    tracks, sightings = memory.tracks, moment.sightings
    shadows = [track.fallback for track in tracks if track.fallback is not None]
    rows = tracks + shadows
    for track in rows if sightings is None else ():
        track.blind_s += dt_s
    bank = Bank.of(rows, moment.t_s)
    shakes = moment.later_from_earlier is None
    bank.carry_on(rows, dt_s, CAMERA_TURN_PX * moment.width_px / 1920 if shakes else 0.0)
    doubt_px = _move_picture(bank, moment)
    detection_of: dict[int, int] = {}
    unsure: set[int] = set()
    if sightings is not None and len(sightings):
        detection_of, unsure = _associate(memory, rows, bank, sightings, settings, doubt_px)
    bank.store(rows)
    passings = []
    for index, track in enumerate(tracks):
        if sightings is not None and index not in unsure:
            end_doubt(track, seen=index in detection_of)
        passings.append(_live(track, detection_of.get(index), index in unsure, moment, settings))
    passings = [passing for passing in passings if passing.shown.state is not TrackState.LOST or passing.closed]
    if sightings is not None:
        used = set(detection_of.values())
        memory.strays = strays_after(memory.strays, len(sightings) - len(used), moment.width_px, dt_s)
        passings += [Passing(*born) for born in births(memory, sightings, moment.t_s, used, settings)]
    memory.tracks = [track for track in memory.tracks if _is_kept(track, moment.t_s, settings)]
    return passings


def close_all(memory: Memory, settings: TrackSettings) -> list[Passing]:
    """End every open track: confirmed ones are lost, tentative ones rejected."""
    passings = []
    for track in memory.tracks:
        if track.state is TrackState.LOST:
            continue
        if track.state is TrackState.TENTATIVE:
            track.state, reason = TrackState.REJECTED, _why_rejected(track, settings)
        else:
            reason = _end(track, "the video ended", settings)
        passings.append(Passing(track, None, reason))
    memory.tracks = []
    return passings


def _move_picture(bank: Bank, moment: Moment) -> float:
    """Bring the picture's motion into the bank; the doubt that remains, px per axis."""
    scale = moment.width_px / 1920
    if moment.later_from_earlier is None:
        return UNKNOWN_MOTION_PX * scale
    bank.move_picture(moment.later_from_earlier)
    return (POSED_MOTION_PX if moment.by_pose else KNOWN_MOTION_PX) * scale


def _associate(
    memory: Memory, rows: list[TrackRecord], bank: Bank, sightings: Sightings, settings: TrackSettings, doubt_px: float
) -> tuple[dict[int, int], set[int]]:
    """Match, estimate the frame's shared shift, match again without it, and update the filters in `bank`.

    Returns:
        The detection of each matched track, and which of these tracks have returned without certainty.
    """
    tracks = memory.tracks
    by_state = {state: [i for i, track in enumerate(tracks) if track.state is state] for state in TrackState}
    strong = [j for j in range(len(sightings)) if sightings.confidences[j] >= settings.high_confidence]
    weak = [j for j in range(len(sightings)) if sightings.confidences[j] < settings.high_confidence]
    if not tracks:
        return {}, set()
    bank.image_covs[:, :2, :2] += doubt_px**2 * np.eye(2)
    none_known = FrameShift.unknown(sightings.basis.shape[2])
    like = likeness(bank, [row.group for row in rows], sightings)
    costs = pair_costs(bank, sightings, like, none_known.effect(sightings.basis))
    first = match(costs, by_state[TrackState.CONFIRMED], strong, association.GATE)
    _shift_picture(bank, sightings, first, doubt_px)
    if len(first) > 1:
        shift = _sea_evidence(bank, sightings, first, costs).all()
        costs = pair_costs(bank, sightings, like, shift.effect(sightings.basis))
    doubtful = unsure_rows(bank, tracks, memory.strays)
    block = np.ix_(doubtful, weak)
    costs.gates[block] = np.where(costs.kept[block], costs.gates[block], np.inf)
    pairs = _match_in_turn(costs, by_state, strong, weak)
    unsure = {row for row, column in pairs if row in set(doubtful) and not costs.kept[row, column]}
    begin_doubt(bank, tracks, unsure)
    _update(bank, sightings, pairs, tracks, costs)
    return dict(pairs), unsure


def _match_in_turn(
    costs: PairCosts, rows: dict[TrackState, list[int]], strong: list[int], weak: list[int]
) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    turns = (
        (TrackState.CONFIRMED, strong, association.GATE),
        (TrackState.CONFIRMED, weak, association.GATE_WEAK),
        (TrackState.TENTATIVE, strong, association.GATE),
        (TrackState.TENTATIVE, weak, association.GATE_WEAK),
        (TrackState.LOST, strong, association.GATE_RELINK),
    )
    for state, columns, gate in turns:
        used_rows, used_columns = {row for row, _ in pairs}, {column for _, column in pairs}
        free_rows = [row for row in rows[state] if row not in used_rows]
        pairs += match(costs, free_rows, [column for column in columns if column not in used_columns], gate)
    return pairs


def _shift_picture(bank: Bank, sightings: Sightings, pairs: list[tuple[int, int]], doubt_px: float) -> None:
    """With two or more matches, take the picture's remaining shift from them and move every track along."""
    if len(pairs) < 2:
        return
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    residuals = sightings.boxes[columns, :2] - bank.image_means[rows, :2]
    doubt = doubt_px**2 * np.eye(2)
    covs = bank.image_covs[rows][:, :2, :2] - doubt + sightings.box_covs[columns]
    basis = np.tile(doubt_px * np.eye(2), (len(rows), 1, 1))
    squared, _ = mahalanobis_squared(residuals, covs + doubt)
    evidence = ShiftEvidence.of(residuals, covs, basis, (squared < SURPRISE).astype(np.float64))
    shift, cov = evidence.all().effect(basis[:1])
    bank.shift_picture(shift[0], cov[0] - doubt)


def _sea_evidence(bank: Bank, sightings: Sightings, pairs: list[tuple[int, int]], costs: PairCosts) -> ShiftEvidence:
    """What matched pairs say about the shared shift on the sea; pairs without position or with a jump have no vote."""
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    on_sea = bank.has_sea[rows] & sightings.located[columns]
    residuals = sightings.sea[columns] - bank.sea_means[rows, :2]
    covs = bank.sea_covs[rows][:, :2, :2] + sightings.sea_covs[columns]
    trusted = on_sea & (costs.gates[rows, columns] < SURPRISE)
    return ShiftEvidence.of(residuals, covs, sightings.basis[columns], trusted.astype(np.float64))


def _update(
    bank: Bank, sightings: Sightings, pairs: list[tuple[int, int]], tracks: list[TrackRecord], costs: PairCosts
) -> None:
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


def _update_picture(bank: Bank, sightings: Sightings, pairs: list[tuple[int, int]]) -> None:
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    seen, covs = sightings.boxes[columns, :2], sightings.box_covs[columns]
    covs = _less_trusted(seen - bank.image_means[rows, :2], bank.image_covs[rows][:, :2, :2], covs)
    bank.image_means[rows], bank.image_covs[rows] = update(bank.image_means[rows], bank.image_covs[rows], seen, covs)
    old, new = bank.boxes[rows, :2], sightings.boxes[columns, 2:4]
    bank.boxes[rows, :2] = np.exp((1 - SIZE_GAIN) * np.log(old) + SIZE_GAIN * np.log(new))
    bank.boxes[rows, 2] = sightings.boxes[columns, 4]


def _update_sea(
    bank: Bank, sightings: Sightings, pairs: list[tuple[int, int]], tracks: list[TrackRecord], costs: PairCosts
) -> None:
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    confirmed = np.array([tracks[row].state is TrackState.CONFIRMED for row in rows])
    evidence = _sea_evidence(bank, sightings, pairs, costs)
    votes = ShiftEvidence(evidence.informations * confirmed[:, None, None], evidence.vectors * confirmed[:, None])
    moved, doubt = votes.without_each(sightings.basis[columns])
    seen = sightings.sea[columns] - moved
    covs = sightings.sea_covs[columns] + doubt
    covs = _less_trusted(seen - bank.sea_means[rows, :2], bank.sea_covs[rows][:, :2, :2], covs)
    bank.sea_means[rows], bank.sea_covs[rows] = update(bank.sea_means[rows], bank.sea_covs[rows], seen, covs)


def _less_trusted(residuals: Floats, expected: Floats, seen_covs: Floats) -> Floats:
    """Widen the error of sightings that lie further off than `SURPRISE` allows, in proportion."""
    squared, _ = mahalanobis_squared(residuals, expected + seen_covs)
    return seen_covs * np.maximum(1.0, squared / SURPRISE)[:, None, None]


def _live(track: TrackRecord, detection: int | None, unsure: bool, moment: Moment, settings: TrackSettings) -> Passing:
    """State after this frame."""
    if detection is None or moment.sightings is None:
        track.misses += moment.sightings is not None
        return Passing(track, None, _end_if_due(track, moment.t_s, settings))
    kind = moment.sightings.kinds[detection]
    track.votes[kind] = track.votes.get(kind, 0.0) + float(moment.sightings.confidences[detection])
    track.last_s, track.blind_s, track.misses = moment.t_s, 0.0, 0
    track.hits += 1
    if track.state is TrackState.LOST:
        track.state = TrackState.CONFIRMED
    # Weak sightings carry a track on but prove nothing: noise has plenty of them.
    if moment.sightings.confidences[detection] >= settings.high_confidence:
        track.sure_hits += 1
        if track.state is TrackState.TENTATIVE:
            _confirm_if_due(track, moment.t_s, settings)
    return Passing(track, None, unsure=detection) if unsure else Passing(track, detection)


def _confirm_if_due(track: TrackRecord, now_s: float, settings: TrackSettings) -> None:
    since = now_s - settings.confirm_within_s - 1e-6
    track.recent_hits_s = [*(hit for hit in track.recent_hits_s if hit >= since), now_s]
    if len(track.recent_hits_s) >= settings.confirm_hits:
        track.state, track.recent_hits_s = TrackState.CONFIRMED, []


def _end_if_due(track: TrackRecord, now_s: float, settings: TrackSettings) -> str | None:
    unseen_s = track.unseen_s(now_s)
    if track.state is TrackState.TENTATIVE and unseen_s > settings.confirm_within_s:
        track.state = TrackState.REJECTED
        return _why_rejected(track, settings)
    if track.state is TrackState.CONFIRMED and unseen_s > lost_after_s(track.group, settings):
        return _end(track, f"not seen for {unseen_s:.1f} s", settings)
    return None


def _end(track: TrackRecord, reason: str, settings: TrackSettings) -> str:
    """A confirmed track ends: lost where it is believed, else rejected. The reason of either."""
    doubt = why_not_believed(track.kind, track.hits, track.sure_hits, length_of(track.lengths), settings)
    track.state = TrackState.REJECTED if doubt else TrackState.LOST
    return doubt or reason


def _why_rejected(track: TrackRecord, settings: TrackSettings) -> str:
    wanted = f"{settings.confirm_hits} in {settings.confirm_within_s:g} s"
    return f"never seen surely {wanted} (at least {settings.high_confidence:g} each)"


def lost_after_s(group: Group, settings: TrackSettings) -> float:
    """How long a confirmed track is carried on unseen."""
    return settings.animal_lost_after_s if group is Group.ANIMAL else settings.lost_after_s


def _is_kept(track: TrackRecord, now_s: float, settings: TrackSettings) -> bool:
    if track.state is TrackState.LOST:
        return track.group is Group.CRAFT and track.unseen_s(now_s) <= RELINK_FACTOR * settings.lost_after_s
    return track.state is not TrackState.REJECTED
