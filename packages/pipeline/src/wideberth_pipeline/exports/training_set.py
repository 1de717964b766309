"""Frames that persons looked at as a training set: pictures, YOLO-OBB and COCO labels, and crops for the screening.

```
images/train/NAME.jpg          the frame as it came
labels/train/NAME.txt          YOLO-OBB; annotations.json: the same frames as COCO
data.yaml                      classes
screening/clutter/…            crops of tracks that a person said are no object; screening/animal/…: that are animals
corrections.json               who said what, when and why
```
"""

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wideberth_contracts.corrections import ClassCorrected, Clutter, Correction
from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.errors import BadInput, NotFound
from wideberth_contracts.frames import PixelEncoding
from wideberth_media import CvPixelCodec, read_frames
from wideberth_pipeline.durable import write_whole
from wideberth_pipeline.exports.coco import categories, image_of, shape_of
from wideberth_pipeline.exports.labels import Label, frames_looked_at, labels_of, standing
from wideberth_pipeline.exports.material import CLASSES, Material, material_of
from wideberth_pipeline.exports.yolo import data_yaml, label_text
from wideberth_pipeline.observed import owners
from wideberth_pipeline.results import wideberth_version
from wideberth_pipeline.segment_file import is_done, read_segment, segment_path

MOST_FRAMES = 500
MOST_CROPS = 12
"""Of one track: as many as the screening looks at several times over."""

HALF_A_MS_S = 0.0005


def write_training_set(folder: Path, video: Path, corrections: Sequence[Correction], target: Path) -> int:
    """The set of one analysis, whole or not at all; the number of frames in it.

    Raises:
        NotFound: nobody corrected or checked anything.
        BadInput: more frames than one set may have.
    """
    material = material_of(folder, video, rejected=True)
    looked_at = frames_looked_at(corrections)
    if not looked_at:
        raise NotFound("nothing was corrected or checked", where=material.plan.video, remedy="correct a frame first")
    if len(looked_at) > MOST_FRAMES:
        detail = f"{len(looked_at)} frames were corrected or checked, a set has {MOST_FRAMES} at most"
        raise BadInput(detail, where=material.plan.video, remedy="take some back, or ask for the labels alone")
    labels = labels_of(material.tracks, corrections)
    chosen = [label for label in labels if label.pts in set(looked_at)]
    write_whole(target, lambda partial: _write(material, folder, video, corrections, looked_at, chosen, partial))
    return len(looked_at)


def _write(
    material: Material,
    folder: Path,
    video: Path,
    corrections: Sequence[Correction],
    looked_at: tuple[int, ...],
    labels: list[Label],
    target: Path,
) -> None:
    size = material.plan.width_px, material.plan.height_px
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("data.yaml", data_yaml())
        for pts in looked_at:
            here = [(label.kind, label.box) for label in labels if label.pts == pts]
            packed.writestr(f"labels/train/{material.frame_name(pts)}.txt", label_text(here, *size))
            packed.writestr(f"images/train/{material.frame_name(pts)}.jpg", picture_of(material, video, pts))
        packed.writestr("annotations.json", json.dumps(_coco(material, looked_at, labels), ensure_ascii=False))
        told = [one.model_dump(mode="json") for one in corrections]
        packed.writestr("corrections.json", json.dumps(told, ensure_ascii=False, indent=1))
        for name, content in _crops(material, folder, corrections):
            packed.writestr(name, content)


def picture_of(material: Material, video: Path, pts: int) -> bytes:
    """A frame as JPEG, as it came.

    Raises:
        NotFound: it cannot be decoded any more.
    """
    t_s = material.frames.t_s(material.frames.number(pts))
    start_s = max(0.0, t_s - HALF_A_MS_S)
    with read_frames(video, clip=material.plan.video_sha256, start_s=start_s, stop_s=t_s + HALF_A_MS_S) as reader:
        for sampled in reader:
            meta = sampled.frame.meta
            if meta.pts == pts:
                shape = (meta.height_px, meta.width_px, 3)
                return CvPixelCodec().encode(sampled.frame.pixels, shape, PixelEncoding.JPEG)
    raise NotFound("the frame cannot be decoded", where=f"{material.plan.video}, pts {pts}")


def _coco(material: Material, looked_at: tuple[int, ...], labels: list[Label]) -> dict[str, Any]:
    return {
        "info": {"description": f"corrected frames of {material.plan.video}", "version": wideberth_version()},
        "licenses": [],
        "images": [
            image_of(material, pts) | {"file_name": f"images/train/{material.frame_name(pts)}.jpg"} for pts in looked_at
        ],
        "categories": categories(),
        "annotations": [
            {
                "id": number,
                "image_id": material.frames.number(label.pts),
                "category_id": CLASSES.index(label.kind) + 1,
                **shape_of(label.box),
                "track_id": label.track,
                "by_person": label.by_person,
            }
            for number, label in enumerate(labels, start=1)
        ],
    }


def _crops(material: Material, folder: Path, corrections: Sequence[Correction]) -> Iterator[tuple[str, bytes]]:
    """Crops that the analysis kept of tracks on which a person gave a verdict."""
    verdicts = {name: verdict for one in standing(corrections) for name, verdict in _verdict(one)}
    wanted = {place: track for place, track in owners(folder).items() if track in verdicts} if verdicts else {}
    written: dict[str, int] = {}
    for span in material.plan.spans if wanted else ():
        path = segment_path(folder, span)
        for row in read_segment(path).rows if is_done(path, material.plan.analysis_id) else ():
            for crop in row.crops:
                track = wanted.get((row.sensed.frame.pts, crop.detection))
                if track is None or written.get(track, 0) >= MOST_CROPS:
                    continue
                written[track] = written.get(track, 0) + 1
                name = f"{material.plan.analysis_id[:12]}_{track}_pts_{row.sensed.frame.pts}.jpg"
                yield f"screening/{verdicts[track]}/{name}", crop.picture


def _verdict(correction: Correction) -> tuple[tuple[str, str], ...]:
    body = correction.body
    if isinstance(body, Clutter):
        return ((body.track, "clutter"),)
    if isinstance(body, ClassCorrected):
        return ((body.track, "animal" if body.kind is ObjectKind.DOLPHIN else "other"),)
    return ()
