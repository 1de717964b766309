"""The verb *track*: sensed frames and a memory in, tracks and the next memory out."""

import math

import numpy as np

from wideberth_contracts.errors import BadInput
from wideberth_contracts.frames import ImageMotion
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.tracks import (
    SensedFrame,
    SetAside,
    Track,
    TrackAnswer,
    TrackPoint,
    TrackRequest,
    TrackSettings,
    TrackState,
)
from wideberth_tracker.core import memory as memories
from wideberth_tracker.core.answer import forget_old_place, points_of, take_note
from wideberth_tracker.core.length import length_of
from wideberth_tracker.core.memory import Memory, TrackRecord
from wideberth_tracker.core.posed_motion import later_from_earlier
from wideberth_tracker.core.sightings import sightings_of
from wideberth_tracker.core.step import Moment, Passing, close_all, step


def track(request: TrackRequest) -> TrackAnswer:
    """Follow objects through the request's frames.

    Pure: the same request has the same answer, and any cutting of a clip into requests gives the same tracks.
    Raises `BadInput` where frames are out of order or the memory is damaged.
    """
    memory = memories.load(request.memory)
    gathered = _Gathered()
    for sensed in request.frames:
        _refuse_disorder(memory, sensed)
        passings = step(memory, _moment(sensed, memory), request.settings)
        gathered.set_aside(sensed, passings, request.settings)
        for passing in passings:
            if passing.detection is not None:
                take_note(passing.track, sensed.detections[passing.detection], sensed.frame.t_s)
            if passing.closed is None:
                forget_old_place(passing.track, sensed.frame.t_s, request.settings)
        living = [passing for passing in passings if passing.closed is None]
        gathered.add(living, points_of(living, sensed, request.settings))
        gathered.close([passing for passing in passings if passing.closed is not None])
    if request.final:
        gathered.close(close_all(memory, request.settings))
    return TrackAnswer(memory=memories.save(memory), tracks=gathered.tracks(), set_aside=gathered.aside)


def _moment(sensed: SensedFrame, memory: Memory) -> Moment:
    """The frame as the core takes it; leaves its pose in `memory` for the next one."""
    frame, earlier = sensed.frame, memory.pose
    memory.pose = sensed.pose if isinstance(sensed.pose, CameraPose) else None
    motion, by_pose = None, False
    if isinstance(sensed.motion, ImageMotion):
        motion = np.array(sensed.motion.later_from_earlier, dtype=np.float64).reshape(3, 3)
    elif earlier is not None and memory.pose is not None:
        motion, by_pose = later_from_earlier(earlier, memory.pose), True
    sightings = None
    if sensed.failure is None:
        sightings = sightings_of(sensed.detections, (frame.width_px, frame.height_px))
    return Moment(
        t_s=frame.t_s, width_px=frame.width_px, sightings=sightings, later_from_earlier=motion, by_pose=by_pose
    )


def _refuse_disorder(memory: Memory, sensed: SensedFrame) -> None:
    if memory.now_s is not None and not sensed.frame.t_s > memory.now_s:
        raise BadInput(
            f"frame at {sensed.frame.t_s:g} s comes after one at {memory.now_s:g} s",
            where=f"clip {sensed.frame.clip[:12]}, pts {sensed.frame.pts}",
            remedy="hand frames in by order of time, each once",
        )
    if not math.isfinite(sensed.frame.t_s):
        raise BadInput("a frame without a finite time", where=f"pts {sensed.frame.pts}")


class _Gathered:
    """Tracks touched by one request, in the order of their first touch."""

    def __init__(self) -> None:
        self._records: dict[str, TrackRecord] = {}
        self._points: dict[str, list[TrackPoint]] = {}
        self._rejections: dict[str, str] = {}
        self.aside = SetAside()

    def set_aside(self, sensed: SensedFrame, passings: list[Passing], settings: TrackSettings) -> None:
        """Count the detections of a frame that no point holds."""
        held = {passing.detection for passing in passings}
        trial = {passing.unsure for passing in passings} - held - {None}
        left = [i for i in range(len(sensed.detections)) if i not in held and i not in trial]
        if sensed.failure is not None or not (left or trial):
            return
        weak = sum(sensed.detections[i].detection.confidence < settings.high_confidence for i in left)
        self.aside = SetAside(
            weak=self.aside.weak + weak,
            repeats=self.aside.repeats + len(left) - weak,
            on_trial=self.aside.on_trial + len(trial),
        )

    def add(self, passings: list[Passing], points: list[TrackPoint]) -> None:
        """One point for each passing."""
        for passing, point in zip(passings, points, strict=True):
            self._touch(passing.track).append(point)

    def close(self, passings: list[Passing]) -> None:
        """Tracks that ended; those rejected keep the reason."""
        for passing in passings:
            self._touch(passing.track)
            if passing.track.state is TrackState.REJECTED and passing.closed is not None:
                self._rejections[passing.track.id] = passing.closed

    def tracks(self) -> tuple[Track, ...]:
        """On the wire."""
        return tuple(
            Track(
                id=name,
                kind=record.kind,
                state=record.state,
                points=tuple(self._points[name]),
                rejection=self._rejections.get(name),
                length_m=length_of(record.lengths),
            )
            for name, record in self._records.items()
        )

    def _touch(self, record: TrackRecord) -> list[TrackPoint]:
        self._records[record.id] = record
        return self._points.setdefault(record.id, [])
