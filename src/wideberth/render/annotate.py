"""The annotated video: what was found, drawn where it was found, frame by frame of the original."""

import math
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from wideberth.render import ink
from wideberth.render.overlay import Seen, Timeline, is_animal
from wideberth.render.perspective import rings_px, sea_to_image_px
from wideberth_contracts.judgement import Verdict
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.positions import Position
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.separations import SeparationSample
from wideberth_media import VideoReader, VideoWriter, as_array
from wideberth_pipeline import Outcome, Plan

Report = Callable[[int, int], None]
KNOTS_PER_MPS = 3600 / 1852
WIDEST_PX = 1920  # a larger original is shown at half size: browsers play it, courts get the original
VERDICT_COLOUR = {
    Verdict.VIOLATION: ink.BREACH,
    Verdict.COMPLIANT: ink.FINE,
    Verdict.CANNOT_JUDGE: ink.UNSURE,
}
VERDICT_WORDS = {
    Verdict.VIOLATION: "candidate violation",
    Verdict.COMPLIANT: "compliant",
    Verdict.CANNOT_JUDGE: "cannot judge",
}


def annotate(video: Path, plan: Plan, outcome: Outcome, target: Path, report: Report) -> Path:
    """Write `target` (H.264, fast start) with every frame of the original and the overlay of its moment."""
    timeline = Timeline.of(outcome, plan.width_px, plan.height_px)
    scale = min(1.0, WIDEST_PX / plan.width_px)
    width, height = round(plan.width_px * scale), round(plan.height_px * scale)
    total = max(1, round(plan.duration_s * plan.average_fps))
    with (
        VideoReader(video, clip=plan.video_sha256) as reader,
        VideoWriter(target, width_px=width, height_px=height, fps=plan.average_fps, crf=26) as writer,
    ):
        for number, sampled in enumerate(reader, start=1):
            picture = np.array(as_array(sampled.frame), copy=True)
            if scale < 1.0:
                picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
            draw(picture, timeline, sampled.frame.meta.t_s, plan, scale)
            writer.write(picture, sampled.frame.meta.t_s)
            report(min(number, total), total)
        report(total, total)
    return target


def draw(picture: ink.Picture, timeline: Timeline, t_s: float, plan: Plan, scale: float) -> None:
    """Draw the overlay of one moment into a picture of `scale` times the original's size."""
    seen = timeline.seen_at(t_s)
    pose = timeline.pose_at(t_s)
    if pose is not None:
        _draw_rings(picture, seen, pose, scale)
    for item in seen:
        _draw_box(picture, item, timeline, t_s, scale)
    for item in seen:
        sample = timeline.sample_at(item.track.id, t_s)
        if sample is not None:
            _draw_separation(picture, item, sample, seen, timeline, pose, scale)
    _draw_status(picture, timeline, t_s, plan)


def _text_px(picture: ink.Picture) -> int:
    return int(max(12, round(picture.shape[1] / 80)))


def _draw_rings(picture: ink.Picture, seen: tuple[Seen, ...], pose: CameraPose, scale: float) -> None:
    animals = [item.point.position for item in seen if is_animal(item.track)]
    points = [(where.east_m, where.north_m) for where in animals if isinstance(where, Position)]
    for radius_m, colour in ((300.0, ink.RING_FAR), (50.0, ink.RING_NEAR)):
        for ring in rings_px(pose, points, radius_m):
            ink.polyline(picture, ring * scale, colour, closed=False)
            _label_ring(picture, ring * scale, f"{radius_m:.0f} m", colour)


def _label_ring(picture: ink.Picture, ring_px: NDArray[np.float64], text: str, colour: ink.Colour) -> None:
    height, width = picture.shape[:2]
    margin = 2 * _text_px(picture)
    inside = ring_px[
        (ring_px[:, 0] > margin)
        & (ring_px[:, 0] < width - 3 * margin)
        & (ring_px[:, 1] > 2 * margin)
        & (ring_px[:, 1] < height - margin)
    ]
    if len(inside):
        lowest = inside[np.argmax(inside[:, 1])]
        ink.write(picture, text, lowest[0], lowest[1] + 2, colour, _text_px(picture))


def _colour(item: Seen, timeline: Timeline) -> ink.Colour:
    if is_animal(item.track):
        return ink.DOLPHIN
    verdict = timeline.verdicts.get(item.track.id)
    return VERDICT_COLOUR[verdict] if verdict else ink.CRAFT


def _draw_box(picture: ink.Picture, item: Seen, timeline: Timeline, t_s: float, scale: float) -> None:
    if item.box is None:
        return
    colour = _colour(item, timeline)
    corners = np.array(item.box.corners_px()) * scale
    ink.polyline(picture, corners, colour, closed=True, thick=2)
    label = item.track.id
    if item.track.screened is ScreenVerdict.UNKNOWN:
        label += " animal?"
    if not is_animal(item.track):
        label += f" {item.track.kind.value.replace('_', ' ')}"
        speed_mps = _speed_mps(item, timeline, t_s)
        if speed_mps is not None:
            label += f" {speed_mps * KNOTS_PER_MPS:.1f} kn"
    size = _text_px(picture)
    ink.write(picture, label, corners[:, 0].min(), corners[:, 1].min() - 1.6 * size, colour, size)


def _speed_mps(item: Seen, timeline: Timeline, t_s: float) -> float | None:
    """The speed that is judged, where one was measured: the tracker's own is that of a moment and jumps."""
    sample = timeline.sample_at(item.track.id, t_s)
    if sample is not None and sample.speed is not None:
        return sample.speed.value_mps
    velocity = item.point.velocity
    return None if velocity is None else math.hypot(velocity.east_mps, velocity.north_mps)


def _draw_separation(
    picture: ink.Picture,
    item: Seen,
    sample: SeparationSample,
    seen: tuple[Seen, ...],
    timeline: Timeline,
    pose: CameraPose | None,
    scale: float,
) -> None:
    animal = next((other for other in seen if other.track.id == sample.animal_track), None)
    if animal is None or pose is None:
        return
    ends = _nearest_ends(item, animal)
    if ends is None:
        return
    line = sea_to_image_px(pose, ends)
    if line is None:
        return
    line = line * scale
    colour = _colour(item, timeline)
    ink.polyline(picture, line, colour, closed=False, thick=2)
    interval = sample.separation.interval_95_m
    text = f"{sample.separation.value_m:.0f} m  ({interval.low:.0f} to {interval.high:.0f})"
    middle = line.mean(axis=0)
    ink.write(picture, text, middle[0] + 6, middle[1] + 6, colour, _text_px(picture))


def _nearest_ends(craft: Seen, animal: Seen) -> NDArray[np.float64] | None:
    """East and north of both ends of the shortest line from the hull to the animal, shape (2, 2)."""
    if not isinstance(animal.point.position, Position) or not isinstance(craft.point.position, Position):
        return None
    target = np.array([animal.point.position.east_m, animal.point.position.north_m])
    hull = np.array([(corner.east_m, corner.north_m) for corner in craft.point.outline])
    if len(hull) < 3:
        return np.stack([[craft.point.position.east_m, craft.point.position.north_m], target])
    start, along = hull, np.roll(hull, -1, axis=0) - hull
    share = ((target - start) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-9)
    nearest = start + np.clip(share, 0, 1)[:, None] * along
    return np.stack([nearest[np.argmin(((nearest - target) ** 2).sum(axis=1))], target])


def _draw_status(picture: ink.Picture, timeline: Timeline, t_s: float, plan: Plan) -> None:
    size = _text_px(picture)
    y = size // 2
    grade = f"telemetry grade {plan.grade.value}" + ("" if plan.origin else ": no metres")
    y += ink.write(picture, f"Wideberth  {t_s:6.2f} s  {grade}", size // 2, y, (255, 255, 255), size) + 2
    for craft, verdict in sorted(timeline.verdicts.items()):
        sample = timeline.sample_at(craft, t_s)
        if sample is None:
            continue
        text = f"{craft}: {VERDICT_WORDS[verdict]}"
        y += ink.write(picture, text, size // 2, y, VERDICT_COLOUR[verdict], size) + 2
