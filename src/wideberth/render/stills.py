"""Stills of a case: frames by their PTS with rings, a scale bar and error ellipses, and one as it was filmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth.render import ink
from wideberth.render.annotate import draw
from wideberth.render.overlay import Timeline
from wideberth.render.perspective import sea_to_image_px
from wideberth_contracts.errors import InternalFault
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import TrackPoint
from wideberth_gateway.evidence.case import Case
from wideberth_gateway.evidence.exhibits import Exhibit
from wideberth_media import VideoReader, as_array

BAR_LENGTHS_M = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
WIDEST_BAR = 0.2  # of the picture's width
IN_95 = 2.4477  # radius that holds 95 % of a two-dimensional normal distribution, in standard errors
WHITE: ink.Colour = (255, 255, 255)
FRAME_S = 0.5  # a frame is looked for this far around its time
CLOSE_UP_PX = 640
BAR_GAP_M = 15.0  # from the vessel's middle, so that the bar lies beside the hull


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame to show, by its PTS and s from the clip's first frame."""

    name: str
    pts: int
    t_s: float
    english: str
    korean: str


def draw_stills(video: Path, case: Case, timeline: Timeline, folder: Path) -> list[Exhibit]:
    """Write the stills into `folder`/stills; what they are."""
    target = folder / "stills"
    target.mkdir(parents=True, exist_ok=True)
    made = []
    for moment in _moments(case):
        picture = frame_at(video, case, moment.pts, moment.t_s)
        if moment.name == "closest":
            made.append(_raw(picture, moment, target))
        draw(picture, timeline, moment.t_s, case.plan, 1.0)
        draw_measures(picture, case, timeline, moment.t_s)
        _write(target / f"{moment.name}.png", picture)
        made.append(Exhibit(f"stills/{moment.name}.png", moment.english, moment.korean))
    made.sort(key=lambda exhibit: exhibit.file != "stills/closest.png")
    close_up = _close_up(video, case, timeline, target)
    return [*made, close_up] if close_up else made


def _moments(case: Case) -> list[Moment]:
    alert = case.alert
    at = "frame with PTS"
    moments = [
        Moment(
            "closest",
            alert.closest_pts,
            alert.closest_t_s,
            f"Closest approach, {at} {alert.closest_pts}: rings of 50 m and 300 m, scale bar, 95 % error ellipses.",
            f"최근접 순간(PTS {alert.closest_pts}): 50 m·300 m 원, 축척 막대, 95 % 오차 타원.",
        )
    ]
    times = {sample.pts: sample.t_s for sample in case.series.samples}
    decisive = [pts for pts in alert.decisive_pts if pts in times and pts != alert.closest_pts]
    for name, english, korean, pts in (
        ("first", "First frame that decided", "판정에 쓰인 첫 프레임", decisive[:1]),
        ("last", "Last frame that decided", "판정에 쓰인 마지막 프레임", decisive[1:][-1:]),
    ):
        moments += [Moment(name, one, times[one], f"{english}, {at} {one}.", f"{korean}(PTS {one}).") for one in pts]
    return moments


def frame_at(video: Path, case: Case, pts: int, t_s: float) -> ink.Picture:
    """The frame with that PTS, BGR, writable.

    Raises:
        InternalFault: the original holds no such frame, though the analysis saw it.
    """
    start_s, stop_s = max(0.0, t_s - FRAME_S), t_s + FRAME_S
    with VideoReader(video, clip=case.plan.video_sha256, start_s=start_s, stop_s=stop_s) as reader:
        for sampled in reader:
            if sampled.frame.meta.pts == pts:
                return np.array(as_array(sampled.frame), copy=True)
    raise InternalFault(f"no frame with PTS {pts}", where=video.name, remedy="analyse the clip again")


def draw_measures(picture: ink.Picture, case: Case, timeline: Timeline, t_s: float) -> None:
    """Scale bar at the vessel, and the ellipse that holds 95 % of each position, for vessel and nearest animal."""
    pose = timeline.pose_at(t_s)
    if pose is None:
        return
    points = {item.track.id: item.point for item in timeline.seen_at(t_s)}
    sample = timeline.sample_at(case.alert.vessel_track, t_s)
    boat = points.get(case.alert.vessel_track)
    animal = points.get(sample.animal_track) if sample else None
    for point, colour in ((boat, ink.CRAFT), (animal, ink.DOLPHIN)):
        if point is not None:
            _ellipse(picture, pose, point, colour)
    if boat is not None and isinstance(boat.position, Position):
        _scale_bar(picture, pose, boat.position)


def _ellipse(picture: ink.Picture, pose: CameraPose, point: TrackPoint, colour: ink.Colour) -> None:
    where = point.position
    if not isinstance(where, Position):
        return
    shared = where.shared_covariance()
    east_north = shared.east_north + where.own.east_north
    covariance = np.array(
        [
            [shared.east_east + where.own.east_east, east_north],
            [east_north, shared.north_north + where.own.north_north],
        ]
    )
    values, vectors = np.linalg.eigh(covariance)
    turn = np.linspace(0, 2 * np.pi, 73)
    ring = vectors @ (np.sqrt(np.maximum(values, 0))[:, None] * np.stack([np.cos(turn), np.sin(turn)])) * IN_95
    line = sea_to_image_px(pose, np.array([where.east_m, where.north_m]) + ring.T)
    if line is not None:
        ink.polyline(picture, line, colour, closed=True, thick=1)


def _scale_bar(picture: ink.Picture, pose: CameraPose, boat: Position) -> None:
    """A bar across the view beside the vessel, on the side with more room; lengths hold at its range only."""
    place = np.array([boat.east_m, boat.north_m])
    seen = sea_to_image_px(pose, place[None])
    if seen is None:
        return
    yaw = np.radians(pose.yaw_deg.value)
    right = np.array([np.cos(yaw), -np.sin(yaw)])
    aside = right if seen[0, 0] < picture.shape[1] / 2 else -right
    fitting = []
    for length_m in BAR_LENGTHS_M:
        start = place + aside * BAR_GAP_M
        ends = sea_to_image_px(pose, np.stack([start, start + aside * length_m]))
        if ends is not None and np.hypot(*(ends[1] - ends[0])) <= WIDEST_BAR * picture.shape[1]:
            fitting.append((length_m, ends))
    if fitting:
        _draw_bar(picture, fitting[-1][1], f"{fitting[-1][0]:.0f} m at this range")


def _draw_bar(picture: ink.Picture, ends: NDArray[np.float64], label: str) -> None:
    size = int(max(12, round(picture.shape[1] / 80)))
    across = (ends[1] - ends[0]) / max(1e-9, float(np.hypot(*(ends[1] - ends[0]))))
    tick = np.array([-across[1], across[0]]) * size / 2
    for colour, thick in (((0, 0, 0), 5), (WHITE, 2)):
        ink.polyline(picture, ends, colour, closed=False, thick=thick)
        for end in ends:
            ink.polyline(picture, np.stack([end - tick, end + tick]), colour, closed=False, thick=thick)
    middle = ends.mean(axis=0)
    ink.write(picture, label, middle[0] - 3 * size, middle[1] + 0.6 * size, WHITE, size)


def _raw(picture: ink.Picture, moment: Moment, target: Path) -> Exhibit:
    name = f"{moment.name}-as-filmed.png"
    _write(target / name, picture)
    return Exhibit(f"stills/{name}", "The same frame as it was filmed.", "같은 프레임의 원본 화면.")


def _close_up(video: Path, case: Case, timeline: Timeline, target: Path) -> Exhibit | None:
    """The vessel where it shows largest, its pixels enlarged and otherwise untouched."""
    track = next((one for one in timeline.tracks if one.id == case.alert.vessel_track), None)
    points: Sequence[TrackPoint] = [point for point in (track.points if track else ()) if point.box is not None]
    if not points:
        return None
    best = max(points, key=lambda point: point.box.length_px * point.box.width_px if point.box else 0.0)
    assert best.box is not None
    picture = frame_at(video, case, best.pts, best.t_s)
    left, top, right, bottom = best.box.xyxy_px()
    margin = 0.3 * max(right - left, bottom - top)
    rows = slice(max(0, int(top - margin)), int(bottom + margin) + 1)
    columns = slice(max(0, int(left - margin)), int(right + margin) + 1)
    crop = picture[rows, columns]
    scale = max(1.0, CLOSE_UP_PX / crop.shape[1])
    size = (round(crop.shape[1] * scale), round(crop.shape[0] * scale))
    _write(target / "vessel.png", cv2.resize(crop, size, interpolation=cv2.INTER_LANCZOS4).astype(np.uint8))
    return Exhibit(
        "stills/vessel.png",
        f"The vessel where it shows largest (PTS {best.pts}), enlarged {scale:.1f} times.",
        f"선박이 가장 크게 보이는 장면(PTS {best.pts}), {scale:.1f}배 확대.",
    )


def _write(path: Path, picture: ink.Picture) -> None:
    if not cv2.imwrite(str(path), picture):
        raise InternalFault("the picture cannot be written", where=str(path), remedy="check the space on the disk")
