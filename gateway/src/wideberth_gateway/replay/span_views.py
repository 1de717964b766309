"""One span of a replay in columns: boxes, places on the sea, separations, poses; by PTS, never by counting frames."""

from collections.abc import Mapping, Sequence
from typing import Any

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import SensedFrame, Track, TrackState
from wideberth_contracts.wire import Rejection
from wideberth_gateway.replay.views import View
from wideberth_gateway.wording.recognising import fault_in_korean
from wideberth_pipeline.exports.places import ellipse_95, whole_error
from wideberth_pipeline.segment_file import Segment

NO_TRACK = "no_track"
BELIEVED = (TrackState.CONFIRMED, TrackState.LOST)


class Boxes(View):
    """Objects of a span in columns, one entry an object and frame.

    Attributes:
        frame: index into the frames of the same answer.
        label: of a track: its id; of a raw detection: its class.
        note: of a track: its state, and why where rejected; of a raw detection: `no_track` where no track holds it,
            the same as of its track where that was rejected, else empty.
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


class Places(View):
    """Tracks on the sea in columns, one entry a track and frame; metres from the analysis origin.

    Attributes:
        observed: False where the track was carried on without being seen.
        ellipse_major_m, ellipse_minor_m, ellipse_axis_deg: 95 % error ellipse, long half axis clockwise from north.
        outline_m: hull of a craft: east, north, east, north …; empty where it has none.
    """

    frame: tuple[int, ...]
    label: tuple[str, ...]
    kind: tuple[ObjectKind, ...]
    note: tuple[str, ...]
    observed: tuple[bool, ...]
    east_m: tuple[float, ...]
    north_m: tuple[float, ...]
    ellipse_major_m: tuple[float, ...]
    ellipse_minor_m: tuple[float, ...]
    ellipse_axis_deg: tuple[float, ...]
    outline_m: tuple[tuple[float, ...], ...]


class Separations(View):
    """Craft against their nearest animal in columns, with the 95 % interval; times in s from the clip's first frame."""

    craft: tuple[str, ...]
    animal: tuple[str, ...]
    t_s: tuple[float, ...]
    separation_m: tuple[float, ...]
    low_95_m: tuple[float, ...]
    high_95_m: tuple[float, ...]


class Pose(View):
    """The camera at one frame, as in `CameraPose`, without errors."""

    height_m: float
    pitch_deg: float
    roll_deg: float
    yaw_deg: float
    focal_px: float
    east_m: float
    north_m: float


class SpanObjects(View):
    """One span: its frames, what was detected in them, and the tracks that this became.

    Attributes:
        pts, t_s: of each analysed frame, in order of time; t_s from the clip's first frame.
        failure: why a frame could not be sensed; None where it was. In Korean beside it, as far as its words are known.
        glint_fraction: of the frame, that was refilled.
        rejections: what was set aside in each frame before tracking, by reason.
        poses: None where the frame has none.
        media_offset_s: time of the clip's first frame in the container: players count from the container's zero.
    """

    index: int
    media_offset_s: float
    pts: tuple[int, ...]
    t_s: tuple[float, ...]
    failure: tuple[str | None, ...]
    failure_korean: tuple[str | None, ...]
    glint_fraction: tuple[float, ...]
    rejections: tuple[tuple[Rejection, ...], ...]
    poses: tuple[Pose | None, ...]
    raw: Boxes
    tracks: Boxes
    places: Places
    separations: Separations


def objects_of(
    segment: Segment,
    tracks: tuple[Track, ...],
    apart: Sequence[dict[str, Any]],
    owner: Mapping[tuple[int, int], str],
) -> SpanObjects:
    """The objects of one span.

    Args:
        apart: rows of the table of separations that lie in it.
        owner: which track holds a detection, by PTS and number.
    """
    frames = [row.sensed for row in segment.rows]
    place = {frame.frame.pts: index for index, frame in enumerate(frames)}
    return SpanObjects(
        index=segment.span.index,
        media_offset_s=_media_offset_s(frames),
        pts=tuple(frame.frame.pts for frame in frames),
        t_s=tuple(frame.frame.t_s for frame in frames),
        failure=tuple(frame.failure for frame in frames),
        failure_korean=tuple(None if frame.failure is None else fault_in_korean(frame.failure) for frame in frames),
        glint_fraction=tuple(frame.glint_fraction for frame in frames),
        rejections=tuple(frame.rejections for frame in frames),
        poses=tuple(_pose(frame) for frame in frames),
        raw=_raw(frames, tracks, owner),
        tracks=_tracked(tracks, place),
        places=_places(tracks, place),
        separations=_separations(apart),
    )


def _media_offset_s(frames: list[SensedFrame]) -> float:
    if not frames:
        return 0.0
    first = frames[0].frame
    return first.pts * first.time_base.numerator / first.time_base.denominator - first.t_s


def _pose(frame: SensedFrame) -> Pose | None:
    pose = frame.pose
    if not isinstance(pose, CameraPose):
        return None
    # Poses are for the picture they name; boxes are in the video's own pixels.
    scale = frame.frame.width_px / pose.width_px
    return Pose(
        height_m=pose.height_m.value,
        pitch_deg=pose.pitch_deg.value,
        roll_deg=pose.roll_deg.value,
        yaw_deg=pose.yaw_deg.value,
        focal_px=pose.focal_px.value * scale,
        east_m=pose.east_m.value,
        north_m=pose.north_m.value,
    )


def _raw(frames: list[SensedFrame], tracks: tuple[Track, ...], owner: Mapping[tuple[int, int], str]) -> Boxes:
    notes = {track.id: "" if track.state in BELIEVED else _note(track) for track in tracks}
    # Before the tracks are there nothing is known of a detection's fate.
    missing = NO_TRACK if tracks else ""
    rows = [
        (
            index,
            one.detection.kind.value,
            one.detection.kind,
            notes.get(owner.get((frame.frame.pts, number), ""), missing),
            one.detection.confidence,
            one.detection.box,
        )
        for index, frame in enumerate(frames)
        for number, one in enumerate(frame.detections)
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


def _places(tracks: tuple[Track, ...], place: dict[int, int]) -> Places:
    found = [
        (place[point.pts], track, point, point.position, ellipse_95(whole_error(point.position)))
        for track in tracks
        for point in track.points
        if isinstance(point.position, Position) and point.pts in place
    ]
    found.sort(key=lambda row: row[0])
    return Places(
        frame=tuple(row[0] for row in found),
        label=tuple(row[1].id for row in found),
        kind=tuple(row[1].kind for row in found),
        note=tuple(_note(row[1]) for row in found),
        observed=tuple(row[2].observed for row in found),
        east_m=tuple(round(row[3].east_m, 3) for row in found),
        north_m=tuple(round(row[3].north_m, 3) for row in found),
        ellipse_major_m=tuple(round(row[4].major_m, 3) for row in found),
        ellipse_minor_m=tuple(round(row[4].minor_m, 3) for row in found),
        ellipse_axis_deg=tuple(round(row[4].axis_deg, 1) for row in found),
        outline_m=tuple(
            tuple(round(value, 2) for corner in row[2].outline for value in (corner.east_m, corner.north_m))
            for row in found
        ),
    )


def _separations(rows: Sequence[dict[str, Any]]) -> Separations:
    return Separations(
        craft=tuple(row["craft_track"] for row in rows),
        animal=tuple(row["animal_track"] for row in rows),
        t_s=tuple(row["t_s"] for row in rows),
        separation_m=tuple(round(row["separation_m"], 3) for row in rows),
        low_95_m=tuple(round(row["low_95_m"], 3) for row in rows),
        high_95_m=tuple(round(row["high_95_m"], 3) for row in rows),
    )
