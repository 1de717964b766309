"""MOTChallenge: a zip with `seqinfo.ini`, the boxes in `tracks.txt`, and which number is which track in `tracks.csv`.

Frames count from 1 over **all** frames of the video, pixels from 1, as in the challenge's files. The form has no place
for an error.
"""

import csv
import io
import zipfile
from pathlib import Path

from wideberth_pipeline.exports.material import Material


def write_mot(material: Material, target: Path) -> None:
    """Upright boxes around the oriented ones; only points that were seen."""
    numbers = {track.id: number for number, track in enumerate(material.tracks, start=1)}
    rows = []
    for track in material.tracks:
        for point in track.points:
            if point.box is None:
                continue
            left, top, right, bottom = point.box.xyxy_px()
            place = (material.frames.number(point.pts) + 1, numbers[track.id])
            sizes = f"{left + 1:.2f},{top + 1:.2f},{right - left:.2f},{bottom - top:.2f},{point.confidence:.4f}"
            rows.append((place, f"{place[0]},{place[1]},{sizes},-1,-1,-1\n"))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("seqinfo.ini", _sequence(material))
        packed.writestr("tracks.txt", "".join(line for _, line in sorted(rows)))
        packed.writestr("tracks.csv", _names(material, numbers))


def _sequence(material: Material) -> str:
    plan = material.plan
    lines = {
        "name": plan.video,
        "imDir": "img1",
        "frameRate": f"{plan.average_fps:g}",
        "seqLength": str(len(material.frames.pts)),
        "imWidth": str(plan.width_px),
        "imHeight": str(plan.height_px),
        "imExt": ".jpg",
    }
    return "[Sequence]\n" + "".join(f"{key}={value}\n" for key, value in lines.items())


def _names(material: Material, numbers: dict[str, int]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("number", "track_id", "kind", "state"))
    writer.writerows((numbers[one.id], one.id, one.kind.value, one.state.value) for one in material.tracks)
    return out.getvalue()
