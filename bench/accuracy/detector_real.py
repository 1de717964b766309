"""How well the detector finds things in real pictures, and what it invents where nothing is.

Matching. Real truth has no angles: detections are compared by the upright box round them. Average precision: overlap
(IoU) of half, each object once. Porpoise boxes are padded by a tenth of the body's length, which alone brings a perfect
box of a slender animal near IoU 0.5, so their recall is told at IoU 0.3 and by the detection's centre lying in the true
box. A false alarm touches nothing of its class (IoU under 0.1 and centre outside). Recall and false alarms are read at
the confidence the model's card recommends for the class, unless a row says otherwise.

Full tiling; rows named `auto tiling` repeat those with an aim with the tiling video gets.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.accuracy import real_sets
from bench.accuracy.average_precision import Rule
from bench.accuracy.judged import Judged
from bench.accuracy.looking import LEAST_CONFIDENCE, card_of, default_confidence, detect, open_detector
from bench.accuracy.real_sets import COAST, HUMPBACKS, LAKE, NEGATIVES, PORPOISES, SURF, VESSELS, RealSet
from wideberth_contracts.detections import ObjectKind, Tiling
from wideberth_detector.local import LocalDetector

Row = dict[str, Any]
Sure = dict[ObjectKind, float]

JUDGES = (PORPOISES, HUMPBACKS, VESSELS, LAKE, NEGATIVES, SURF, COAST)
QUICK_PICTURES = 4
PORPOISE_RECALL, PORPOISE_ALARMS = 0.85, 1.0
HUMPBACK_AP, VESSEL_AP, LAKE_AP = 0.80, 0.90, 0.85
SWIMMERS_AS_DOLPHIN = 0.05
QUIET_ALARMS = 0.2
CURVE_AT = (0.25, 0.5, 1.0, 2.0, 4.0)
HUMPBACKS_HELD_OUT = ("hump_05", "hump_09")


def run(quick: bool, model: Path | None = None) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    if not real_sets.DATA.is_dir():
        return [_row("real pictures", None, "", "left out: ../shared/data is not here")]
    detector, card, sure = open_detector(model), card_of(model), default_confidence(model)
    most = QUICK_PICTURES if quick else None
    rows = [*score_rows(look(detector, card, JUDGES, most=most), sure), *_lake_folds_rows(card)]
    if quick:
        return rows
    video = look(detector, card, JUDGES, tiling=Tiling.AUTO)
    return rows + [{**row, "name": f"auto tiling: {row['name']}"} for row in score_rows(video, sure) if row["aim"]]


def look(
    detector: LocalDetector,
    card: dict[str, Any],
    sets: Iterable[RealSet],
    *,
    tiling: Tiling = Tiling.FULL,
    most: int | None = None,
) -> Judged:
    """The tables of some sets, of each at most so many pictures."""
    judged = Judged()
    for real in sets:
        for pixels, picture, truths in real_sets.read(real, card, most):
            found = detect(detector, pixels, LEAST_CONFIDENCE, tiling).detections
            judged.add(picture, truths, found, oriented=False)
    return judged


def score_rows(judged: Judged, sure: Sure) -> Iterator[Row]:
    """Scores of every set."""
    yield from _porpoise_rows(judged.part(PORPOISES.name), sure[ObjectKind.DOLPHIN])
    yield from _humpback_rows(judged.part(HUMPBACKS.name))
    yield from _vessel_rows(judged.part(VESSELS.name), sure)
    yield from _lake_rows(judged.part(LAKE.name))
    for real in real_sets.QUIET:
        yield from _quiet_rows(judged.part(real.name), real.name, sure)


def _porpoise_rows(judged: Judged, sure: float) -> Iterator[Row]:
    dolphin = ObjectKind.DOLPHIN
    of = f"{judged.truths(dolphin)} porpoises, {len(judged.pictures)} frames{_trained(judged)}"
    chosen = judged.confidence_for(dolphin, PORPOISE_ALARMS)
    for rule in (Rule.IOU30, Rule.CENTRE):
        note = (
            f"{_by(rule)}; at {chosen:.3f}, the lowest confidence that keeps the alarms, chosen on these frames; {of}"
        )
        name = f"porpoises: recall at ≤ 1 false alarm a frame, {rule}"
        yield _row(name, judged.recall(dolphin, chosen, rule), "", note, least=PORPOISE_RECALL)
    for rule in (Rule.IOU30, Rule.CENTRE):
        yield _row(f"porpoises: recall, {rule}", judged.recall(dolphin, sure, rule), "", f"at {sure:.2f}; {of}")
    yield _row("porpoises: false alarms", judged.false_alarms(dolphin, sure), "a picture", f"at {sure:.2f}")
    yield _row("porpoises: AP50", judged.average_precision(dolphin), "", f"padded boxes; {of}")
    for most in CURVE_AT:
        at = judged.confidence_for(dolphin, most)
        note = f"{_by(Rule.IOU30)}; at {at:.3f}; {of}"
        name = f"porpoises: recall at ≤ {most:g} false alarms a frame"
        yield _row(name, judged.recall(dolphin, at, Rule.IOU30), "", note)


def _humpback_rows(judged: Judged) -> Iterator[Row]:
    dolphin = ObjectKind.DOLPHIN
    held_out = judged.of(lambda picture: picture.name in HUMPBACKS_HELD_OUT)
    for name, part, least in (("humpbacks", judged, HUMPBACK_AP), ("humpbacks 05 and 09", held_out, None)):
        of = f"{part.truths(dolphin)} whales, {len(part.pictures)} frames{_trained(part)}"
        yield _row(f"{name}: AP50", part.average_precision(dolphin), "", of, least=least)


def _vessel_rows(judged: Judged, sure: Sure) -> Iterator[Row]:
    frames = f"{len(judged.pictures)} frames{_trained(judged)}"
    for kind, least in ((ObjectKind.VESSEL, VESSEL_AP), (ObjectKind.JET_SKI, None), (ObjectKind.SWIMMER, None)):
        of = f"{judged.truths(kind)} of them, {frames}"
        yield _row(f"vessel_frames: {kind.value} AP50", judged.average_precision(kind), "", of, least=least)
    at = sure[ObjectKind.DOLPHIN]
    called = judged.taken_for(ObjectKind.SWIMMER, ObjectKind.DOLPHIN, at)
    of = f"at {at:.2f}; {judged.truths(ObjectKind.SWIMMER)} swimmers"
    yield _row("vessel_frames: swimmers called dolphin", called, "", of, most=SWIMMERS_AS_DOLPHIN)
    for kind in ObjectKind:
        alarms = judged.false_alarms(kind, sure[kind])
        yield _row(f"vessel_frames: {kind.value} false alarms", alarms, "a picture", f"at {sure[kind]:.2f}; {frames}")


def _lake_rows(judged: Judged) -> Iterator[Row]:
    for name, part, least in (
        ("held out", judged.of(lambda picture: picture.trained_on is not True), LAKE_AP),
        ("trained on", judged.of(lambda picture: picture.trained_on is True), None),
    ):
        if not part.pictures:
            continue
        for kind in (ObjectKind.VESSEL, ObjectKind.JET_SKI):
            of = f"{part.truths(kind)} of them, {len(part.pictures)} frames {name}"
            average = part.average_precision(kind)
            yield _row(f"lake_vessel_frames {name}: {kind.value} AP50", average, "", of, least=least)


def _lake_folds_rows(card: dict[str, Any]) -> Iterator[Row]:
    """The cross-validation needs networks trained without a part of the lake, which are not shipped."""
    folds = card.get("lake_cross_validation")
    if not isinstance(folds, dict):
        return
    for kind in (ObjectKind.VESSEL, ObjectKind.JET_SKI):
        value = folds["frames"][kind.value]["ap50"]
        note = "quoted from the card; measured by wideberth_training_detector.folds"
        yield _row(f"lake_vessel_frames, cross-validated: {kind.value} AP50", value, "", note, least=LAKE_AP)


def _quiet_rows(judged: Judged, name: str, sure: Sure) -> Iterator[Row]:
    """All alarms of the classes that these pictures are known to be without: a surfer may be called a swimmer."""
    kinds = tuple(kind for kind in ObjectKind if kind is not ObjectKind.SWIMMER)
    held_out = judged.of(lambda picture: picture.trained_on is not True)
    learnt = judged.of(lambda picture: picture.trained_on is True)
    for label, part in (("", judged), (" held out", held_out), (" trained on", learnt)):
        if not part.pictures or (label and len(part.pictures) == len(judged.pictures)):
            continue
        alarms = {kind: part.false_alarms(kind, sure[kind]) for kind in ObjectKind}
        pictures = f"{len(part.pictures)} pictures{_trained(part)}"
        note = f"dolphin, vessel or jet ski, each at the card's confidence; {pictures}"
        all_of = sum(alarms[kind] for kind in kinds)
        yield _row(f"{name}{label}: false alarms", all_of, "a picture", note, most=None if label else QUIET_ALARMS)
        for kind in () if label else ObjectKind:
            yield _row(f"{name}{label}: {kind.value} false alarms", alarms[kind], "a picture", f"at {sure[kind]:.2f}")


def _by(rule: Rule) -> str:
    return "centre in the true box" if rule is Rule.CENTRE else f"overlap ≥ 0.{str(rule)[3]}"


def _trained(judged: Judged) -> str:
    """How many of the pictures the weights learnt from."""
    learnt = sum(picture.trained_on is True for picture in judged.pictures)
    if any(picture.trained_on is None for picture in judged.pictures):
        return ", the card does not say whether trained on"
    return f", {learnt} trained on" if learnt else ", none trained on"


def _row(
    name: str, value: float | None, unit: str, note: str, *, least: float | None = None, most: float | None = None
) -> Row:
    aim = f"≥ {least:g}" if least is not None else f"≤ {most:g}" if most is not None else None
    met = None
    if value is not None and aim is not None:
        met = value >= least if least is not None else value <= (most or 0.0)
    rounded = None if value is None else round(value, 3)
    return {"name": name, "value": rounded, "unit": unit, "aim": aim, "met": met, "note": note}
