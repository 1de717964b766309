"""YOLO with oriented boxes: a zip of `data.yaml`, one label file an analysed frame, and which frame is which.

A line is `class x1 y1 x2 y2 x3 y3 x4 y4`, corners as fractions of width and height. The form has no place for an error.
"""

import csv
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_pipeline.exports.material import CLASSES, Material


def write_yolo(material: Material, target: Path) -> None:
    """Frames without any object have an empty label file: they are background."""
    labels: dict[int, list[tuple[ObjectKind, OrientedBox]]] = {pts: [] for pts in material.looked_at}
    for track in material.tracks:
        for point in track.points:
            if point.box is not None:
                labels.setdefault(point.pts, []).append((track.kind, point.box))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.yaml", data_yaml())
        packed.writestr("frames.csv", _frames(material, labels))
        for pts, boxes in labels.items():
            text = label_text(boxes, material.plan.width_px, material.plan.height_px)
            packed.writestr(f"labels/train/{material.frame_name(pts)}.txt", text)


def data_yaml() -> str:
    """What the trainer is given."""
    names = "".join(f"  {number}: {kind.value}\n" for number, kind in enumerate(CLASSES))
    return f"path: .\ntrain: images/train\nval: images/train\nnames:\n{names}"


def label_text(boxes: Iterable[tuple[ObjectKind, OrientedBox]], width_px: int, height_px: int) -> str:
    """The lines of one frame. Corners outside the picture are kept as they are: cutting them would turn the box."""
    lines = []
    for kind, box in boxes:
        corners = (f"{x / width_px:.6f} {y / height_px:.6f}" for x, y in box.corners_px())
        lines.append(f"{CLASSES.index(kind)} {' '.join(corners)}\n")
    return "".join(lines)


def _frames(material: Material, pts_of: Iterable[int]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("name", "number", "pts", "t_s"))
    for pts in pts_of:
        number = material.frames.number(pts)
        writer.writerow((material.frame_name(pts), number, pts, f"{material.frames.t_s(number):.6f}"))
    return out.getvalue()
