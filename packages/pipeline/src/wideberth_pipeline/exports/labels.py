"""What is in each frame, as the analysis and the persons who corrected it say together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from wideberth_contracts.corrections import (
    BoxCorrected,
    ClassCorrected,
    Clutter,
    Correction,
    IdentityCorrected,
    MissedObject,
    NothingThere,
    TakenBack,
)
from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.tracks import Track
from wideberth_pipeline.exports.material import BELIEVED


@dataclass(frozen=True, slots=True)
class Label:
    """An object in a frame. `by_person`: its box was drawn by one."""

    pts: int
    track: str
    kind: ObjectKind
    box: OrientedBox
    by_person: bool = False


def standing(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Those that were not taken back, oldest first; taking back a taking back makes the first hold again."""
    kept: list[Correction] = []
    gone: set[str] = set()
    for one in sorted(corrections, key=lambda each: (each.at, each.id), reverse=True):
        if one.id in gone:
            continue
        if isinstance(one.body, TakenBack):
            gone.add(one.body.correction)
        else:
            kept.append(one)
    return tuple(reversed(kept))


def frames_looked_at(corrections: Iterable[Correction]) -> tuple[int, ...]:
    """PTS of the frames that a person looked at, rising."""
    bodies = (one.body for one in standing(corrections))
    return tuple(sorted({body.pts for body in bodies if not isinstance(body, TakenBack)}))


def labels_of(tracks: Iterable[Track], corrections: Iterable[Correction]) -> tuple[Label, ...]:
    """Boxes of believed tracks with all corrections applied in the order in which they were made."""
    chosen = standing(corrections)
    revived = {one.body.track for one in chosen if isinstance(one.body, ClassCorrected)}
    labels = [
        Label(point.pts, track.id, track.kind, point.box)
        for track in tracks
        if track.state in BELIEVED or track.id in revived
        for point in track.points
        if point.box is not None
    ]
    for one in chosen:
        labels = _applied(labels, one)
    return tuple(sorted(labels, key=lambda label: (label.pts, label.track)))


def _applied(labels: list[Label], correction: Correction) -> list[Label]:
    body = correction.body
    if isinstance(body, MissedObject):
        name = body.track or f"person-{correction.id[:8]}"
        return [*labels, Label(body.pts, name, body.kind, body.box, by_person=True)]
    if isinstance(body, NothingThere):
        return [label for label in labels if (label.pts, label.track) != (body.pts, body.track)]
    if isinstance(body, Clutter):
        return [label for label in labels if label.track != body.track]
    if isinstance(body, ClassCorrected):
        return [replace(label, kind=body.kind) if label.track == body.track else label for label in labels]
    if isinstance(body, IdentityCorrected):
        return [
            replace(label, track=body.same_as) if label.track == body.track and label.pts >= body.pts else label
            for label in labels
        ]
    return _boxed(labels, body) if isinstance(body, BoxCorrected) else labels


def _boxed(labels: list[Label], body: BoxCorrected) -> list[Label]:
    """The track's box in that frame, drawn by a person; also where the track had none there."""
    kind = next((label.kind for label in labels if label.track == body.track), None)
    if kind is None:  # the track is gone by an earlier correction
        return labels
    others = [label for label in labels if (label.pts, label.track) != (body.pts, body.track)]
    return [*others, Label(body.pts, body.track, kind, body.box, by_person=True)]
