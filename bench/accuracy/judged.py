"""Pictures with truth after a detector has looked at them: one row an object, one row a detection.

Every score (average precision, recall against false alarms, strata, calibration) is read off these two tables.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.average_precision import Bools, Boxes, Floats, Rule, average_precision, match, upright
from wideberth_contracts.detections import Detection, ObjectKind


@dataclass(frozen=True)
class Picture:
    """What one picture is.

    Attributes:
        part: the set it belongs to.
        name: within the set.
        trained_on: whether the detector learnt from it; None where its card does not say.
        about: numbers that hold all over it, such as `height_m`.
    """

    part: str
    name: str
    trained_on: bool | None = False
    about: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Truth:
    """The objects of one class in a picture: (m, 5) boxes, and what is known of each beside its box."""

    boxes: Boxes
    about: tuple[dict[str, float], ...]


@dataclass(frozen=True)
class ObjectRow:
    """An object there is.

    Attributes:
        box: centre x, centre y, length, width in px, angle in rad.
        found_at: by rule, the confidence of the detection that found it; 0 for none.
        taken_for: by class, the highest confidence of a detection of that class that touches it.
    """

    picture: int
    kind: str
    box: list[float]
    found_at: dict[str, float]
    taken_for: dict[str, float]
    about: dict[str, float]


@dataclass(frozen=True)
class FoundRow:
    """A detection.

    Attributes:
        box: centre x, centre y, length, width in px, angle in rad.
        found: by rule, the row of the object it found; -1 for none.
        touches: whether it touches any object of its class; it is a false alarm if not.
    """

    picture: int
    kind: str
    box: list[float]
    confidence: float
    found: dict[str, int]
    touches: bool
    about: dict[str, float]


@dataclass
class Judged:
    """The tables. `pictures` are numbered by their place."""

    pictures: list[Picture] = field(default_factory=list)
    objects: list[ObjectRow] = field(default_factory=list)
    detections: list[FoundRow] = field(default_factory=list)

    def add(
        self,
        picture: Picture,
        truths: dict[ObjectKind, Truth],
        found: tuple[Detection, ...],
        *,
        oriented: bool,
        ignored: dict[ObjectKind, Boxes] | None = None,
        about_box: Callable[[Boxes], list[dict[str, float]]] | None = None,
    ) -> None:
        """Match a picture and append its rows.

        Args:
            truths: by class; a class that is absent has none.
            found: of all classes.
            oriented: whether the truth has angles; without, detections are compared by their upright boxes.
            ignored: by class, boxes of what is there and nobody could be asked to see: a detection that touches one,
                and no object, is left out.
            about_box: what is known of the place of any (n, 5) boxes; beside it their length is noted.
        """
        number = len(self.pictures)
        self.pictures.append(picture)
        ordered = {
            kind: sorted((d for d in found if d.kind is kind), key=lambda d: -d.confidence) for kind in ObjectKind
        }
        for kind, unseen in (ignored or {}).items():
            ordered[kind] = _without_ignored(ordered[kind], truths.get(kind), unseen)
        boxes = {kind: _boxes(ours) for kind, ours in ordered.items()}
        compared = boxes if oriented else {kind: upright(ours) for kind, ours in boxes.items()}
        for kind, ours in ordered.items():
            truth = truths.get(kind, Truth(np.zeros((0, 5)), ()))
            taken_for = _taken_for(truth.boxes, compared, ordered)
            matched = match(truth.boxes, compared[kind])
            first = len(self.objects)
            for index, about in enumerate(truth.about):
                at = {
                    str(rule): _confidence_of(ours, np.flatnonzero(of == index))
                    for rule, of in matched.truth_of.items()
                }
                about = {"length_px": float(truth.boxes[index, 2:4].max()), **about}
                box = truth.boxes[index].tolist()
                self.objects.append(ObjectRow(number, kind.value, box, at, taken_for[index], about))
            beside = about_box(boxes[kind]) if about_box else [{} for _ in ours]
            touches = [bool(row.any()) for row in matched.touching]
            for index, item in enumerate(ours):
                row_of = {str(rule): _row_of(first, of[index]) for rule, of in matched.truth_of.items()}
                about = {"length_px": item.box.length_px, **beside[index]}
                box = boxes[kind][index].tolist()
                row = FoundRow(number, kind.value, box, item.confidence, row_of, touches[index], about)
                self.detections.append(row)

    def of(self, keep: Callable[[Picture], bool]) -> "Judged":
        """The tables of some pictures only."""
        places = [index for index, picture in enumerate(self.pictures) if keep(picture)]
        new = {old: index for index, old in enumerate(places)}
        kept = [index for index, row in enumerate(self.objects) if row.picture in new]
        moved = {old: index for index, old in enumerate(kept)} | {-1: -1}
        objects = [ObjectRow(**{**vars(self.objects[i]), "picture": new[self.objects[i].picture]}) for i in kept]
        detections = [
            FoundRow(
                **{**vars(row), "picture": new[row.picture], "found": {r: moved[at] for r, at in row.found.items()}}
            )
            for row in self.detections
            if row.picture in new
        ]
        return Judged([self.pictures[i] for i in places], objects, detections)

    def part(self, name: str) -> "Judged":
        """The tables of one set."""
        return self.of(lambda picture: picture.part == name)

    def scored(self, kind: ObjectKind, rule: Rule) -> tuple[Floats, Bools]:
        """Confidence of each detection of a class and whether it is right."""
        rows = [row for row in self.detections if row.kind == kind.value]
        return np.array([row.confidence for row in rows]), np.array([row.found[rule] >= 0 for row in rows], np.bool_)

    def truths(self, kind: ObjectKind) -> int:
        """Objects of a class."""
        return sum(row.kind == kind.value for row in self.objects)

    def average_precision(self, kind: ObjectKind, rule: Rule = Rule.IOU50) -> float | None:
        """Of one class over all pictures; None where it has no objects."""
        return average_precision(*self.scored(kind, rule), self.truths(kind))

    def taken_for(self, kind: ObjectKind, other: ObjectKind, confidence: float) -> float | None:
        """Share of a class's objects touched by a detection of another class; None where it has no objects."""
        at = [row.taken_for[other.value] for row in self.objects if row.kind == kind.value]
        return float(np.mean(np.array(at) >= confidence)) if at else None

    def recall(self, kind: ObjectKind, confidence: float, rule: Rule = Rule.IOU50) -> float | None:
        """Share of a class's objects found at a confidence; None where it has no objects."""
        at = [row.found_at[rule] for row in self.objects if row.kind == kind.value]
        return float(np.mean(np.array(at) >= confidence)) if at else None

    def false_alarms(self, kind: ObjectKind, confidence: float) -> float:
        """Detections a picture that touch nothing of their class."""
        count = sum(r.kind == kind.value and r.confidence >= confidence and not r.touches for r in self.detections)
        return count / max(len(self.pictures), 1)

    def free_response(self, kind: ObjectKind, rule: Rule) -> list[dict[str, float]]:
        """Recall against false alarms a picture, at each confidence where something changes; falling confidence."""
        steps = sorted({row.confidence for row in self.detections if row.kind == kind.value}, reverse=True)
        return [
            {
                "confidence": at,
                "recall": self.recall(kind, at, rule) or 0.0,
                "false_alarms": self.false_alarms(kind, at),
            }
            for at in steps
        ]

    def confidence_for(self, kind: ObjectKind, most_false_alarms: float) -> float:
        """The lowest confidence with no more false alarms a picture than this (just above the first too many)."""
        wrong = [r.confidence for r in self.detections if r.kind == kind.value and not r.touches]
        allowed = int(np.floor(most_false_alarms * len(self.pictures) + 1e-9))
        over = sorted(wrong, reverse=True)[allowed : allowed + 1]
        return float(np.nextafter(over[0], 1.0)) if over else 0.0

    def save(self, path: Path) -> None:
        """Write the tables as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({name: [asdict(row) for row in rows] for name, rows in vars(self).items()}))

    @classmethod
    def load(cls, path: Path) -> "Judged":
        """Read what `save` wrote."""
        found: dict[str, list[dict[str, Any]]] = json.loads(path.read_text())
        return cls(
            [Picture(**row) for row in found["pictures"]],
            [ObjectRow(**row) for row in found["objects"]],
            [FoundRow(**row) for row in found["detections"]],
        )


def _without_ignored(found: list[Detection], truth: Truth | None, ignored: Boxes) -> list[Detection]:
    boxes = _boxes(found)
    unseen = match(ignored, boxes).touching
    true = match(truth.boxes if truth else np.zeros((0, 5)), boxes).touching
    return [item for index, item in enumerate(found) if true[index].any() or not unseen[index].any()]


def _boxes(found: list[Detection]) -> Boxes:
    rows = [(b.cx_px, b.cy_px, b.length_px, b.width_px, np.radians(b.angle_deg)) for b in (d.box for d in found)]
    return np.array(rows, np.float64).reshape(-1, 5)


def _confidence_of(found: list[Detection], places: NDArray[np.int64]) -> float:
    """Of the first detection named; 0 where none is."""
    return found[places[0]].confidence if len(places) else 0.0


def _row_of(first: int, index: int) -> int:
    return int(first + index) if index >= 0 else -1


def _taken_for(
    truth: Boxes, compared: dict[ObjectKind, Boxes], ordered: dict[ObjectKind, list[Detection]]
) -> list[dict[str, float]]:
    """For each true box, by class, the highest confidence of what touches it."""
    touching = {kind: match(truth, boxes).touching for kind, boxes in compared.items()}
    return [
        {kind.value: _confidence_of(ordered[kind], np.flatnonzero(touching[kind][:, index])) for kind in ObjectKind}
        for index in range(len(truth))
    ]


def joined(parts: Iterable[Judged]) -> Judged:
    """Tables put one after another."""
    whole = Judged()
    for part in parts:
        pictures, objects = len(whole.pictures), len(whole.objects)
        whole.pictures += part.pictures
        whole.objects += [ObjectRow(**{**vars(r), "picture": r.picture + pictures}) for r in part.objects]
        for row in part.detections:
            found = {rule: at + objects if at >= 0 else -1 for rule, at in row.found.items()}
            whole.detections.append(FoundRow(**{**vars(row), "picture": row.picture + pictures, "found": found}))
    return whole
