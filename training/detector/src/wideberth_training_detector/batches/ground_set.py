"""Pack the permitted real pictures into one small file: `python -m wideberth_training_detector.batches.ground_set`.

Pieces of a fixed side with their oriented boxes. A picture is cut at several scales, so that its objects appear large
and small; which photograph a piece came from goes with it, so that held-out ones can be left out.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from wideberth_training_detector.orient import orient
from wideberth_training_detector.shapes import Image, LabelledBox, Sample, read_sample, resize
from wideberth_training_detector.sources import ALL_SOURCES, HUMPBACKS, LAKE_TILES, RIGHT_WHALE, Source

PIECE_PX = 768
MOST_BOXES = 24
# Scales by source; others are open ground, for which one is enough.
_SCALES = {LAKE_TILES.folder: (1.28, 0.96), HUMPBACKS.folder: (1.0, 0.8), RIGHT_WHALE.folder: (1.0,)}
_LEAST_INSIDE = 0.5


def _read(source: Source, picture: Path) -> Sample:
    label = source.label_of(picture) if source.classes else Path("/nonexistent")
    sample = read_sample(picture, label)
    boxes = tuple(LabelledBox(source.classes[b.class_index], b.corners_px) for b in sample.boxes)
    return orient(Sample(sample.pixels, boxes)) if boxes else sample


def _starts(length: int) -> list[int]:
    if length <= PIECE_PX:
        return [0]
    return [round(v) for v in np.linspace(0, length - PIECE_PX, -(-(length - 64) // (PIECE_PX - 64)))]


def _pieces(sample: Sample, scale: float) -> list[tuple[Image, list[LabelledBox]]]:
    scaled = resize(sample, scale) if scale != 1 else sample
    height, width = scaled.pixels.shape[:2]
    pixels = cv2.copyMakeBorder(
        scaled.pixels, 0, max(0, PIECE_PX - height), 0, max(0, PIECE_PX - width), cv2.BORDER_CONSTANT, value=(114,) * 3
    )
    out = []
    for y in _starts(height):
        for x in _starts(width):
            inside = [b for b in scaled.boxes if _share_inside(b, x, y) >= _LEAST_INSIDE]
            moved = [LabelledBox(b.class_index, b.corners_px - np.array([x, y], np.float32)) for b in inside]
            out.append((np.asarray(pixels[y : y + PIECE_PX, x : x + PIECE_PX], np.uint8), moved))
    return out


def _share_inside(box: LabelledBox, x: int, y: int) -> float:
    low, high = box.corners_px.min(axis=0) - (x, y), box.corners_px.max(axis=0) - (x, y)
    cut = np.clip([low, high], 0, PIECE_PX)
    return float(np.prod(cut[1] - cut[0]) / max(np.prod(high - low), 1e-6))


def _row(box: LabelledBox) -> list[float]:
    (cx, cy), (w, h), degrees = cv2.minAreaRect(box.corners_px.astype(np.float32))
    if w < h:
        w, h, degrees = h, w, degrees + 90
    return [box.class_index, cx, cy, w, h, np.radians(degrees)]


def pack(root: Path, out: Path, longest_px: int, quality: int) -> int:
    """Write the file and return the number of pieces."""
    blobs, boxes, origins = [], [], []
    for source in ALL_SOURCES:
        for picture in source.pictures(root) + (source.pictures(root, held_out=True) if source is LAKE_TILES else []):
            if source.folder == "surf_frames" and int(picture.stem[-4:]) in (2001, 2002, 2003, 2005, 2006, 2007):
                continue  # neighbours in time of pictures that are there
            sample = _read(source, picture)
            shrink = min(1.0, longest_px / max(sample.pixels.shape[:2]))
            for scale in _SCALES.get(source.folder, (shrink,)):
                for pixels, inside in _pieces(sample, scale):
                    if source.classes and not inside and source is LAKE_TILES:
                        continue
                    blobs.append(cv2.imencode(".webp", pixels, [cv2.IMWRITE_WEBP_QUALITY, quality])[1].ravel())
                    rows = np.full((MOST_BOXES, 6), np.nan, np.float32)
                    found = np.array([_row(b) for b in inside[:MOST_BOXES]], np.float32).reshape(-1, 6)
                    rows[: len(found)] = found
                    boxes.append(rows)
                    origins.append(f"{source.folder.split('/')[0]}:{source.picture_id(picture)}")
    offsets = np.cumsum([0, *(len(blob) for blob in blobs)])
    np.savez(out, bytes=np.concatenate(blobs), offsets=offsets, boxes=np.stack(boxes), origin=np.array(origins))
    return len(blobs)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../../shared/data"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--longest", type=int, default=1800)
    parser.add_argument("--quality", type=int, default=72)
    given = parser.parse_args()
    print(pack(given.data, given.out, given.longest, given.quality), "pieces")


if __name__ == "__main__":
    main()
