"""A finished or running analysis as a page can play it: by PTS, never by counting frames."""

from pydantic import BaseModel, ConfigDict

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.judgement import JudgeAnswer
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.tracks import SensedFrame, Track, TrackState
from wideberth_pipeline import Plan
from wideberth_pipeline.segment_file import Segment


class View(BaseModel):
    """Frozen, and told in full in the API's description."""

    model_config = ConfigDict(frozen=True)


class SpanView(View):
    """A piece of the clip; `sensed` once its objects can be had."""

    index: int
    start_s: float
    stop_s: float
    frames: int
    sensed: bool


class TrackBar(View):
    """A track on the timeline.

    Attributes:
        rejection: why, where the state is `rejected`.
    """

    id: str
    kind: ObjectKind
    state: TrackState
    rejection: str | None
    start_s: float
    end_s: float
    sightings: int


class EncounterBar(View):
    """An encounter on the timeline, with the ids of its rules that were judged a violation."""

    craft: str
    group: str
    start_s: float
    end_s: float
    closest_t_s: float
    closest_m: float
    violated: tuple[str, ...]


class Replay(View):
    """What there is to play.

    Attributes:
        video: where the clip lies, with range requests.
        activity: detections a second, in steps of `activity_step_s`.
    """

    analysis_id: str
    name: str
    video: str
    width_px: int
    height_px: int
    duration_s: float
    average_fps: float
    starts_at: str | None
    grade: TelemetryGrade
    spans: tuple[SpanView, ...]
    tracks: tuple[TrackBar, ...]
    encounters: tuple[EncounterBar, ...]
    activity_step_s: float
    activity: tuple[float, ...]


class Boxes(View):
    """Objects of a span in columns, one entry an object and frame.

    Attributes:
        frame: index into the frames of the same answer.
        label: of a track: its id; of a raw detection: its class.
        note: of a track: its state, and why where rejected; of a raw detection: empty.
    """

    frame: tuple[int, ...]
    label: tuple[str, ...]
    kind: tuple[ObjectKind, ...]
    note: tuple[str, ...]
    confidence: tuple[float, ...]
    cx_px: tuple[float, ...]
    cy_px: tuple[float, ...]
    length_px: tuple[float, ...]
    width_px: tuple[float, ...]
    angle_deg: tuple[float, ...]


class SpanObjects(View):
    """One span: its frames, what was detected in them, and the tracks that this became.

    Attributes:
        pts, t_s: of each sensed frame, in order of time; t_s from the clip's first frame.
        failure: why a frame could not be sensed; None where it was.
        glint_fraction: of the frame, that was refilled.
        media_offset_s: time of the clip's first frame in the container: players count from the container's zero.
    """

    index: int
    media_offset_s: float
    pts: tuple[int, ...]
    t_s: tuple[float, ...]
    failure: tuple[str | None, ...]
    glint_fraction: tuple[float, ...]
    raw: Boxes
    tracks: Boxes


def replay_of(
    plan: Plan, sensed: frozenset[int], tracks: tuple[Track, ...], judged: JudgeAnswer | None, seen_at_s: list[float]
) -> Replay:
    """The whole, without the objects of single frames.

    Args:
        sensed: indices of the spans whose files are there.
        seen_at_s: times of all detections so far.
    """
    step_s = max(1.0, plan.duration_s / 600)
    steps = [0] * (int(plan.duration_s / step_s) + 1)
    for t_s in seen_at_s:
        steps[min(len(steps) - 1, max(0, int(t_s / step_s)))] += 1
    return Replay(
        analysis_id=plan.analysis_id,
        name=plan.video,
        video=f"/v1/analyses/{plan.analysis_id}/replay/video",
        width_px=plan.width_px,
        height_px=plan.height_px,
        duration_s=plan.duration_s,
        average_fps=plan.average_fps,
        starts_at=plan.starts_at.isoformat() if plan.starts_at else None,
        grade=plan.grade,
        spans=tuple(
            SpanView(
                index=span.index,
                start_s=span.start_s,
                stop_s=span.stop_s,
                frames=span.frames,
                sensed=span.index in sensed,
            )
            for span in plan.spans
        ),
        tracks=tuple(_bar(track) for track in tracks if track.points),
        encounters=_encounters(judged),
        activity_step_s=step_s,
        activity=tuple(count / step_s for count in steps),
    )


def objects_of(segment: Segment, tracks: tuple[Track, ...]) -> SpanObjects:
    """The objects of one span."""
    frames = [row.sensed for row in segment.rows]
    place = {frame.frame.pts: index for index, frame in enumerate(frames)}
    return SpanObjects(
        index=segment.span.index,
        media_offset_s=_media_offset_s(frames),
        pts=tuple(frame.frame.pts for frame in frames),
        t_s=tuple(frame.frame.t_s for frame in frames),
        failure=tuple(frame.failure for frame in frames),
        glint_fraction=tuple(frame.glint_fraction for frame in frames),
        raw=_raw(frames),
        tracks=_tracked(tracks, place),
    )


def _media_offset_s(frames: list[SensedFrame]) -> float:
    if not frames:
        return 0.0
    first = frames[0].frame
    return first.pts * first.time_base.numerator / first.time_base.denominator - first.t_s


def _raw(frames: list[SensedFrame]) -> Boxes:
    rows = [
        (index, one.detection.kind.value, one.detection.kind, "", one.detection.confidence, one.detection.box)
        for index, frame in enumerate(frames)
        for one in frame.detections
    ]
    return _columns(rows)


def _tracked(tracks: tuple[Track, ...], place: dict[int, int]) -> Boxes:
    rows = [
        (place[point.pts], track.id, track.kind, _note(track), point.confidence, point.box)
        for track in tracks
        for point in track.points
        if point.box is not None and point.pts in place
    ]
    return _columns(sorted(rows, key=lambda row: row[0]))


def _note(track: Track) -> str:
    return f"{track.state.value}: {track.rejection}" if track.rejection else track.state.value


def _columns(rows: list[tuple[int, str, ObjectKind, str, float, OrientedBox]]) -> Boxes:
    return Boxes(
        frame=tuple(row[0] for row in rows),
        label=tuple(row[1] for row in rows),
        kind=tuple(row[2] for row in rows),
        note=tuple(row[3] for row in rows),
        confidence=tuple(round(row[4], 3) for row in rows),
        cx_px=tuple(round(row[5].cx_px, 2) for row in rows),
        cy_px=tuple(round(row[5].cy_px, 2) for row in rows),
        length_px=tuple(round(row[5].length_px, 2) for row in rows),
        width_px=tuple(round(row[5].width_px, 2) for row in rows),
        angle_deg=tuple(round(row[5].angle_deg, 2) for row in rows),
    )


def _bar(track: Track) -> TrackBar:
    return TrackBar(
        id=track.id,
        kind=track.kind,
        state=track.state,
        rejection=track.rejection,
        start_s=track.points[0].t_s,
        end_s=track.points[-1].t_s,
        sightings=sum(point.observed for point in track.points),
    )


def _encounters(judged: JudgeAnswer | None) -> tuple[EncounterBar, ...]:
    found = judged.encounters if judged else ()
    return tuple(
        EncounterBar(
            craft=one.craft_track,
            group=one.group,
            start_s=one.start_s,
            end_s=one.end_s,
            closest_t_s=one.closest_t_s,
            closest_m=one.closest_separation_m,
            violated=tuple(finding.rule for finding in one.findings if finding.verdict.value == "violation"),
        )
        for one in found
    )
