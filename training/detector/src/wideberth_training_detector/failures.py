"""Sheets of what went wrong, for the card: simulated stills and real pictures whose licence allows showing them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import cv2
import numpy as np

from bench.accuracy import real_sets, sim_stills
from bench.accuracy.average_precision import Rule
from bench.accuracy.judged import Judged, Picture
from wideberth_contracts.detections import ObjectKind
from wideberth_detector.core.candidates import corners_px
from wideberth_media import read_image
from wideberth_training_detector.shapes import Image
from wideberth_training_detector.sources import ALL_SOURCES

_CELL_PX = 176
_COLUMNS = 6
_QUALITY = 78
_GREY = (114, 114, 114)
_WHOLE = 0.95
_A_KIND = {ObjectKind.DOLPHIN: 6, ObjectKind.VESSEL: 2, ObjectKind.JET_SKI: 2, ObjectKind.SWIMMER: 2}
_TRUTH_BGR, _FOUND_BGR = (255, 255, 255), (0, 0, 255)


@dataclass(frozen=True)
class Failure:
    """An object missed or a detection of nothing: where, and how bad it is (larger is worse)."""

    picture: Picture
    kind: ObjectKind
    box: list[float]
    caption: str
    badness: float


def may_be_shown(picture: Picture) -> bool:
    """Simulated stills, and pictures of a source training may read; the lake's frames are the pictures of its tiles."""
    if picture.part == "simulated stills":
        return True
    real, path = _set_of(picture), _path_of(picture)
    if path is None or real.folder == real_sets.LAKE.folder:
        return path is not None
    return any(source.folder == real.folder and fnmatch(path.name, source.pattern) for source in ALL_SOURCES)


def missed(judged: Judged, sure: dict[ObjectKind, float]) -> list[Failure]:
    """Objects that nothing of their class touched at the confidence of the card, the longest first.

    A piece cut off by the edge of the picture explains itself: whole ones come first.
    """
    found = []
    for row in judged.objects:
        kind, picture = ObjectKind(row.kind), judged.pictures[row.picture]
        if row.taken_for[row.kind] < sure[kind] and row.found_at[Rule.IOU30] < sure[kind]:
            length = row.about["length_px"]
            deep = row.about.get("depth_m", 0.0)
            caption = f"{row.kind} {length:.0f} px" + (f", {deep:.1f} m deep" if deep > 0.05 else "")
            whole = row.about.get("visible_fraction", 1.0) > _WHOLE
            found.append(Failure(picture, kind, row.box, caption, length + (1e4 if whole else 0.0)))
    return found


def invented(judged: Judged, sure: dict[ObjectKind, float]) -> list[Failure]:
    """Detections of nothing at the confidence of the card, the most confident first."""
    return [
        Failure(
            judged.pictures[row.picture],
            ObjectKind(row.kind),
            row.box,
            f"{row.kind} {row.confidence:.2f}",
            row.confidence,
        )
        for row in judged.detections
        if not row.touches and row.confidence >= sure[ObjectKind(row.kind)]
    ]


def sheet(failures: list[Failure], colour: tuple[int, int, int], stills: sim_stills.Stills, path: Path) -> Path | None:
    """A JPEG of crops round the worst of each class, at most three of one set a class; None where there are none."""
    cells = [_cell(failure, colour, _pixels(failure.picture, stills)) for failure in _worst(failures)]
    if not cells:
        return None
    blank = np.full((_CELL_PX, _CELL_PX, 3), 255, np.uint8)
    cells += [blank] * (-len(cells) % _COLUMNS)
    rows = [np.hstack(cells[start : start + _COLUMNS]) for start in range(0, len(cells), _COLUMNS)]
    cv2.imwrite(str(path), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return path


def sheets(judged: Judged, sure: dict[ObjectKind, float], stills: sim_stills.Stills, folder: Path) -> dict[str, Path]:
    """`missed.jpg` and `invented.jpg` in a folder, by what they show; a sheet without cells is not written."""
    shown: Callable[[list[Failure]], list[Failure]] = lambda rows: [row for row in rows if may_be_shown(row.picture)]  # noqa: E731
    made = {
        "missed": sheet(shown(missed(judged, sure)), _TRUTH_BGR, stills, folder / "missed.jpg"),
        "invented": sheet(shown(invented(judged, sure)), _FOUND_BGR, stills, folder / "invented.jpg"),
    }
    return {name: path for name, path in made.items() if path is not None}


def _worst(failures: list[Failure]) -> Iterator[Failure]:
    for kind, most in _A_KIND.items():
        left: dict[str, int] = {}
        taken = 0
        for failure in sorted((f for f in failures if f.kind is kind), key=lambda f: -f.badness):
            of_set = left.setdefault(failure.picture.part, max(2, most // 2))
            if of_set and taken < most:
                left[failure.picture.part], taken = of_set - 1, taken + 1
                yield failure


def _cell(failure: Failure, colour: tuple[int, int, int], pixels: Image) -> Image:
    """A square crop at three times the object's length, the box drawn, the caption below it."""
    x, y, length, *_ = failure.box
    half = max(40.0, 1.5 * length)
    move = np.array([[_CELL_PX / (2 * half), 0, _CELL_PX / 2 - x * _CELL_PX / (2 * half)],
                     [0, _CELL_PX / (2 * half), _CELL_PX / 2 - y * _CELL_PX / (2 * half)]])  # fmt: skip
    flags = cv2.INTER_AREA if half > _CELL_PX / 2 else cv2.INTER_LINEAR
    cell = cv2.warpAffine(pixels, move, (_CELL_PX, _CELL_PX), flags=flags, borderValue=_GREY)
    corners = corners_px(np.array([failure.box]))[0] @ move[:, :2].T + move[:, 2]
    cv2.polylines(cell, [np.round(corners).astype(np.int32)], True, colour, 1, cv2.LINE_AA)
    cv2.rectangle(cell, (0, _CELL_PX - 15), (_CELL_PX, _CELL_PX), (0, 0, 0), -1)
    where = "" if failure.picture.part == "simulated stills" else f" ({failure.picture.part.split('_')[0]})"
    text = failure.caption + where
    cv2.putText(cell, text, (3, _CELL_PX - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (255, 255, 255), 1, cv2.LINE_AA)
    return np.asarray(cell, np.uint8)


def _pixels(picture: Picture, stills: sim_stills.Stills) -> Image:
    if picture.part == "simulated stills":
        return sim_stills.read(stills.folder, int(picture.name)).pixels
    path = _path_of(picture)
    assert path is not None
    return read_image(path)


def _set_of(picture: Picture) -> real_sets.RealSet:
    return next(real for real in real_sets.ALL if real.name == picture.part)


def _path_of(picture: Picture) -> Path | None:
    return next((path for path in _set_of(picture).pictures() if path.stem == picture.name), None)
