"""How well the shipped screen keeps animals and rejects clutter, by tracks.

A track is one surfacing of a simulated dolphin, or one piece of clutter, at what the shipped detector took for a
dolphin in flights neither of both learnt from; the crops and the choice among them are those of an analysis. What was
left out of training one kind at a time cannot be measured with shipped weights: that row is read from the card. Real
frames follow, single crops each; without `../shared/data` they are left out, and one row says so.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.stats import beta

from bench.accuracy.looking import SURE, detect
from bench.accuracy.sightings import Sighting, flight_boxes, of_flight
from bench.accuracy.sim_flights import flight, frame_from, render_flights
from wideberth_anomaly.core.choice import LEAST_DETECTION_PX
from wideberth_anomaly.core.network import RuntimeKind
from wideberth_anomaly.local import LocalAnomaly
from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_contracts.frames import Crop
from wideberth_contracts.screening import Screening, ScreenSettings, ScreenVerdict, SeaMemory
from wideberth_contracts.settings import TRACKED_CONFIDENCE
from wideberth_detector.local import LocalDetector
from wideberth_media import cut_crop, read_image
from wideberth_pipeline.empty_sea import EVERY_S, empty_places
from wideberth_servicekit.model_store import models_root, open_model

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
Row = dict[str, Any]
Image = NDArray[np.uint8]
Track = tuple[Sighting, ...]

FIRST_FLIGHT, FLIGHTS, QUICK_FLIGHTS = 740_000, 40, 4
"""Training and calibration take flights below."""
CONFIDENCE_OF_BOUND = 0.95
LEAST_TRACKS = 5
"""Kinds with fewer tracks get no row of their own."""


def run(quick: bool) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    anomaly, detector = LocalAnomaly.open(threads=1), LocalDetector.open()
    seeds = range(FIRST_FLIGHT, FIRST_FLIGHT + (QUICK_FLIGHTS if quick else FLIGHTS))
    render_flights(seeds)
    flights = {seed: _tracks(of_flight(detector, flight(seed), seed, TRACKED_CONFIDENCE)) for seed in seeds}
    tracks = [track for found in flights.values() for track in found]
    answers = [_screen(anomaly, track) for track in tracks]
    rows = _kept_and_rejected(tracks, answers)
    rows += _sea_rows(anomaly, flights, answers)
    usable = [
        track[0].crop for track in tracks if track[0].crop.meta.filled_fraction <= ScreenSettings().max_filled_fraction
    ]
    rows += [_left_out_row(), _pace_row(anomaly, usable), _parity_row(usable)]
    if not DATA.is_dir():
        return [*rows, _row("real crops", None, "", "left out: ../shared/data is not here")]
    threshold = answers[0].threshold
    rows += _at_detections(anomaly, detector, threshold, quick)
    for folder in ("porpoise_frames", "humpback_frames", "right_whale"):
        scores = [_score(anomaly, crop) for crop in _cetaceans(folder)]
        rows.append(_real_row(f"{folder} kept", scores, threshold, "real animals, never trained on", kept=True))
    return rows


def _row(name: str, value: float | None, unit: str, note: str, aim: str | None = None, met: bool | None = None) -> Row:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


def _tracks(sightings: Iterator[Sighting]) -> list[Track]:
    found: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        if sighting.crop.meta.detection_px >= LEAST_DETECTION_PX:
            found[sighting.track].append(sighting)
    return [tuple(sightings) for sightings in found.values()]


def _screen(anomaly: LocalAnomaly, track: Track, sea: SeaMemory | None = None) -> Screening:
    crops = tuple(sighting.crop for sighting in track)
    return asyncio.run(anomaly.screen(track[0].track, crops, ScreenSettings(), sea))


def _score(anomaly: LocalAnomaly, crop: Crop) -> float:
    score = asyncio.run(anomaly.screen("bench", (crop,), ScreenSettings())).score
    assert score is not None, "every crop of the bench is large enough to be used"
    return score


def _kept_and_rejected(tracks: list[Track], answers: list[Screening]) -> list[Row]:
    kinds = np.array([track[0].kind for track in tracks])
    scores = np.array([np.inf if answer.score is None else answer.score for answer in answers])
    verdicts = np.array([answer.verdict.value for answer in answers])
    animals = kinds == "dolphin"
    kept, count = int((verdicts[animals] != ScreenVerdict.CLUTTER).sum()), int(animals.sum())
    least = float(beta.ppf(1 - CONFIDENCE_OF_BOUND, kept, count - kept + 1)) if kept else 0.0
    share = kept / count
    bound = f"{kept} of {count} surfacings; at least {100 * least:.1f} % with 95 % confidence"
    clutter = verdicts[~animals] == ScreenVerdict.CLUTTER
    ranks = (scores[animals][:, None] > scores[~animals]).mean() + (
        scores[animals][:, None] == scores[~animals]
    ).mean() / 2
    rows = [
        _row("surfacings kept", round(100 * share, 2), "%", bound, "99 %", share >= 0.99),
        _row(
            "AUROC",
            round(float(ranks), 4),
            "",
            f"{count} surfacings, {len(clutter)} clutter tracks",
            "0.98",
            ranks >= 0.98,
        ),
        _percent("clutter rejected", clutter, 90),
    ]
    for kind in np.unique(kinds[~animals]):
        of_kind = verdicts[kinds == kind] == ScreenVerdict.CLUTTER
        if len(of_kind) >= LEAST_TRACKS:
            rows.append(_percent(f"{kind} rejected", of_kind, 90))
    unknown = verdicts == ScreenVerdict.UNKNOWN
    rows.append(_percent("surfacings for a person", unknown[animals]))
    return [*rows, _percent("clutter for a person", unknown[~animals])]


def _percent(name: str, which: NDArray[np.bool_], aim: int | None = None) -> Row:
    share = 100 * float(which.mean())
    met = None if aim is None else share >= aim
    return _row(name, round(share, 1), "%", f"{len(which)} tracks", None if aim is None else f"{aim} %", met)


def _sea_rows(anomaly: LocalAnomaly, flights: dict[int, list[Track]], before: list[Screening]) -> list[Row]:
    """The same tracks with the flight's own empty sea remembered."""
    after = []
    for seed, tracks in flights.items():
        sea = asyncio.run(anomaly.remember(tuple(_empty_sea(seed))))
        after += [_screen(anomaly, track, sea) for track in tracks]
    kinds = np.array([track[0].kind for tracks in flights.values() for track in tracks])
    rows = []
    for name, which in (
        ("surfacings", kinds == "dolphin"),
        ("clutter", kinds != "dolphin"),
        ("waves", kinds == "waves"),
    ):
        lost = [
            100 * float(np.mean([answer.verdict is ScreenVerdict.CLUTTER for answer in part]))
            for part in (np.array(before, object)[which], np.array(after, object)[which])
            if len(part)
        ]
        if lost:
            note = f"without {lost[0]:.1f} %; {int(which.sum())} tracks"
            rows.append(_row(f"with the flight's sea in memory, {name} rejected", round(lost[1], 1), "%", note))
    return rows


def _empty_sea(seed: int) -> Iterator[Crop]:
    """Places of a flight as an analysis would remember a whole minute: two a frame."""
    for number, shot in enumerate(flight(seed)):
        frame = frame_from(shot.picture, number * EVERY_S)
        for stored in empty_places(frame, flight_boxes(shot)):
            yield stored.crop()


def _left_out_row() -> Row:
    stored = open_model(models_root("anomaly"), "anomaly")
    card = stored.file("card.yaml")
    said = yaml.safe_load(card.read_text("utf-8")) if card else {}
    found = said.get("accuracy", {}).get("one_kind_left_out", {}).get("logistic", [])
    if not found:
        return _row("a left-out kind rejected", None, "%", "the card says nothing of it", "60 %")
    shares = [100 * row["rejected"] for row in found]
    kinds = ", ".join(f"{row['kind']} {100 * row['rejected']:.0f}" for row in found)
    mean = float(np.mean(shares))
    return _row(
        "a left-out kind rejected", round(mean, 1), "%", f"classifier, from the card: {kinds}", "60 %", mean >= 60
    )


def _pace_row(anomaly: LocalAnomaly, crops: list[Crop]) -> Row:
    times = []
    for crop in crops[:60]:
        start = time.perf_counter()
        _score(anomaly, crop)
        times.append(1000 * (time.perf_counter() - start))
    middle = float(np.median(times))
    return _row("a crop", round(middle, 1), "ms", "one thread, median", "30 ms", middle <= 30)


def _parity_row(crops: list[Crop]) -> Row:
    libraries = [LocalAnomaly.open(runtime=kind) for kind in RuntimeKind]
    scores = [[_score(library, crop) for crop in crops[:10]] for library in libraries]
    apart = float(np.abs(np.diff(np.array(scores), axis=0)).max())
    return _row("libraries apart", apart, "score", "largest difference, 10 crops", "< 0.001", apart < 1e-3)


def _at_detections(anomaly: LocalAnomaly, detector: LocalDetector, threshold: float, quick: bool) -> list[Row]:
    """At what the shipped detector took for dolphins in real frames, right or wrong."""
    rows = []
    for folder, has_animals in (("porpoise_frames", True), ("humpback_frames", True), ("vessel_frames", False)):
        right: list[float] = []
        wrong: list[float] = []
        for path in sorted((DATA / folder / "images").glob("*.*"))[:: 9 if quick else 1]:
            picture = read_image(path)
            truth = _truth(DATA / folder / "labels" / f"{path.stem}.txt", picture) if has_animals else []
            frame = frame_from(picture)
            for item in detect(detector, picture, SURE).detections:
                if item.kind is ObjectKind.DOLPHIN and item.box.length_px >= LEAST_DETECTION_PX:
                    score = _score(anomaly, cut_crop(frame, item.box))
                    (right if any(_inside(item.box, body) for body in truth) else wrong).append(score)
        note = f"detections above {SURE}"
        rows.append(_real_row(f"{folder}: false alarms rejected", wrong, threshold, note, kept=False))
        if has_animals:
            rows.append(_real_row(f"{folder}: found animals kept", right, threshold, note, kept=True))
    return rows


def _real_row(name: str, scores: list[float], threshold: float, note: str, *, kept: bool) -> Row:
    said = f"{len(scores)} single crops; {note}"
    if not scores:
        return _row(name, None, "%", said)
    above = float((np.array(scores) >= threshold).mean())
    return _row(
        name, round(100 * (above if kept else 1 - above), 1), "%", said, *(("99 %", above >= 0.99) if kept else ())
    )


def _cetaceans(folder: str) -> Iterator[Crop]:
    for label in sorted((DATA / folder / "labels").glob("*.txt")):
        picture = read_image(next((DATA / folder / "images").glob(f"{label.stem}.*")))
        for x, y, width, height in _truth(label, picture):
            length = max(width, height)
            box = OrientedBox(cx_px=x, cy_px=y, length_px=length, width_px=length / 3, angle_deg=0.0)
            yield cut_crop(frame_from(picture), box)


def _truth(label: Path, picture: Image) -> list[tuple[float, ...]]:
    """(centre x, y, width, height) in px of each labelled animal."""
    height, width = picture.shape[:2]
    rows = [[float(value) for value in line.split()[1:5]] for line in label.read_text().splitlines()]
    return [(x * width, y * height, w * width, h * height) for x, y, w, h in rows]


def _inside(box: OrientedBox, truth: tuple[float, ...]) -> bool:
    x, y, width, height = truth
    return abs(box.cx_px - x) < width / 2 and abs(box.cy_px - y) < height / 2
