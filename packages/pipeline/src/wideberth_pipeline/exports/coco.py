"""COCO: images are the analysed frames, annotations the boxes of tracks in them."""

import json
from pathlib import Path
from typing import Any

from wideberth_contracts.detections import OrientedBox
from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import Track, TrackPoint
from wideberth_pipeline.exports.material import CLASSES, Material
from wideberth_pipeline.exports.places import ellipse_95, whole_error
from wideberth_pipeline.results import wideberth_version

Json = dict[str, Any]


def write_coco(material: Material, target: Path) -> None:
    """One file; frames without any object are images without annotations."""
    target.write_text(json.dumps(coco_of(material), ensure_ascii=False), encoding="utf-8")


def coco_of(material: Material) -> Json:
    """Image ids are the frame's number in the video, from 0; category ids count from 1."""
    seen = [(track, point, point.box) for track in material.tracks for point in track.points if point.box is not None]
    return {
        "info": {
            "description": f"{material.plan.video}, analysis {material.plan.analysis_id}",
            "version": wideberth_version(),
        },
        "licenses": [],
        "images": [image_of(material, pts) for pts in material.looked_at],
        "categories": categories(),
        "annotations": [_annotation(material, number, *one) for number, one in enumerate(seen, start=1)],
    }


def categories() -> list[Json]:
    """The classes, by their order."""
    return [{"id": number, "name": kind.value, "supercategory": ""} for number, kind in enumerate(CLASSES, start=1)]


def image_of(material: Material, pts: int) -> Json:
    """An analysed frame."""
    number = material.frames.number(pts)
    return {
        "id": number,
        "file_name": f"{material.frame_name(pts)}.jpg",
        "width": material.plan.width_px,
        "height": material.plan.height_px,
        "pts": pts,
        "t_s": round(material.frames.t_s(number), 6),
    }


def shape_of(box: OrientedBox) -> Json:
    """Upright box, outline and area of an oriented box."""
    left, top, right, bottom = box.xyxy_px()
    return {
        "bbox": [round(value, 2) for value in (left, top, right - left, bottom - top)],
        "segmentation": [[round(value, 2) for corner in box.corners_px() for value in corner]],
        "area": round(box.length_px * box.width_px, 2),
        "iscrowd": 0,
        "oriented_px": box.model_dump(),
    }


def _annotation(material: Material, number: int, track: Track, point: TrackPoint, box: OrientedBox) -> Json:
    made: Json = {
        "id": number,
        "image_id": material.frames.number(point.pts),
        "category_id": CLASSES.index(track.kind) + 1,
        **shape_of(box),
        "score": round(point.confidence, 4),
        "track_id": track.id,
        "track_state": track.state.value,
    }
    if isinstance(point.position, Position):
        ellipse = ellipse_95(whole_error(point.position))
        made["position"] = {
            "latitude": point.position.latitude,
            "longitude": point.position.longitude,
            "ellipse_95_major_m": round(ellipse.major_m, 3),
            "ellipse_95_minor_m": round(ellipse.minor_m, 3),
            "ellipse_95_axis_deg": round(ellipse.axis_deg, 1),
        }
    return made
