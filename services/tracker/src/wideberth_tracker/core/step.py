"""One frame: predict, associate, update, and the lives of tracks."""

from dataclasses import dataclass

from wideberth_contracts.tracks import TrackSettings, TrackState
from wideberth_tracker.core.bank import Bank
from wideberth_tracker.core.belief import why_not_believed
from wideberth_tracker.core.births import births
from wideberth_tracker.core.kalman import Floats
from wideberth_tracker.core.kinds import Group
from wideberth_tracker.core.length import length_of
from wideberth_tracker.core.matching import Picture, associate
from wideberth_tracker.core.memory import Memory, TrackRecord
from wideberth_tracker.core.returns import end_doubt, strays_after
from wideberth_tracker.core.shake import FULL_WIDTH_PX, KNOWN_MOTION_PX, POSED_MOTION_PX, shift_px, turn_px
from wideberth_tracker.core.sightings import Sightings

RELINK_FACTOR = 3.0
"""Craft that were given up are kept in mind for this many times `lost_after_s`."""


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
        gap_s: that this sighting ends; 0 where it was seen in the frame before.
    """

    track: TrackRecord
    detection: int | None
    closed: str | None = None
    unsure: int | None = None
    gap_s: float = 0.0

    @property
    def shown(self) -> TrackRecord:
        """The track as it is told: without a return that is not certain."""
        return self.track.fallback or self.track


def step(memory: Memory, moment: Moment, settings: TrackSettings) -> list[Passing]:
    """Bring one frame into `memory` and say what happened to each track."""
    dt_s = 0.0 if memory.now_s is None else moment.t_s - memory.now_s
    memory.now_s = moment.t_s
    tracks, sightings = memory.tracks, moment.sightings
    rows = tracks + [track.fallback for track in tracks if track.fallback is not None]
    for track in rows if sightings is None else ():
        track.blind_s += dt_s
    bank = Bank.of(rows, moment.t_s)
    picture = _carry_on(bank, rows, moment, memory.shake, dt_s)
    detection_of, unsure = dict[int, int](), set[int]()
    if sightings is not None:
        detection_of, unsure = associate(memory, rows, bank, sightings, settings, picture)
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


def _carry_on(bank: Bank, rows: list[TrackRecord], moment: Moment, shake: float, dt_s: float) -> Picture:
    """Predict every filter to this frame, and bring the picture's motion in."""
    if moment.later_from_earlier is None:
        bank.carry_on(rows, dt_s, turn_px(shake, moment.width_px))
        return Picture(moment.width_px, shift_px(shake, moment.width_px), dt_s)
    bank.carry_on(rows, dt_s, 0.0)
    bank.move_picture(moment.later_from_earlier)
    left_px = POSED_MOTION_PX if moment.by_pose else KNOWN_MOTION_PX
    return Picture(moment.width_px, left_px * moment.width_px / FULL_WIDTH_PX, 0.0)


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


def _live(track: TrackRecord, detection: int | None, unsure: bool, moment: Moment, settings: TrackSettings) -> Passing:
    """State after this frame."""
    if detection is None or moment.sightings is None:
        track.misses += moment.sightings is not None
        return Passing(track, None, _end_if_due(track, moment.t_s, settings))
    kind = moment.sightings.kinds[detection]
    track.votes[kind] = track.votes.get(kind, 0.0) + float(moment.sightings.confidences[detection])
    gap_s = moment.t_s - track.last_s if track.misses or track.blind_s else 0.0
    track.last_s, track.blind_s, track.misses = moment.t_s, 0.0, 0
    track.hits += 1
    if moment.sightings.located[detection] and not unsure:
        east_east, east_north, north_north = moment.sightings.shared[detection].tolist()
        track.shared = (east_east, east_north, north_north)
    if track.state is TrackState.LOST:
        track.state = TrackState.CONFIRMED
    # Weak sightings carry a track on but prove nothing: noise has plenty of them.
    if moment.sightings.confidences[detection] >= settings.high_confidence:
        track.sure_hits += 1
        if track.state is TrackState.TENTATIVE:
            _confirm_if_due(track, moment.t_s, settings)
    return Passing(track, None, unsure=detection) if unsure else Passing(track, detection, gap_s=gap_s)


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


def return_within_s(track: TrackRecord, settings: TrackSettings) -> float:
    """How long after its last sighting a track may still return: an animal dives, and only where it has a position can
    it be told from another one after so long."""
    if track.group is Group.CRAFT:
        return RELINK_FACTOR * settings.lost_after_s
    if track.group is Group.ANIMAL and track.sea is not None:
        return max(settings.dive_s, settings.animal_lost_after_s)
    return lost_after_s(track.group, settings)


def _is_kept(track: TrackRecord, now_s: float, settings: TrackSettings) -> bool:
    if track.state is TrackState.LOST:
        return track.unseen_s(now_s) <= return_within_s(track, settings)
    return track.state is not TrackState.REJECTED
