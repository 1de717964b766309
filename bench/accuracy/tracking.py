"""How well objects are followed: real porpoises against published trackers, and a sea in numbers with exact truth.

Rows with `trackers` in their name need that package (dependency group `bench` of `services/tracker`); rows on real
tracks need `../shared/data`. Without them those rows are left out and one row says so. The porpoise data is CC BY-NC
4.0 and only measured on.
"""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from importlib.util import find_spec
from itertools import pairwise
from operator import add
from pathlib import Path
from typing import Any

import numpy as np

from wideberth_contracts.tracks import Track, TrackRequest, TrackState
from wideberth_tracker.core.mot import MotBox, read_mot, track_mot
from wideberth_tracker.core.track import track
from wideberth_tracker.trials.scenes import SCENES
from wideberth_tracker.trials.scores import Scores, score
from wideberth_tracker.trials.sea import Trial

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FPS = 30.0
"""The sequences do not say their rate; drone video is near this, and the result changes little with it."""
BOXES_OF = "botsort-sparseOptFlow"
"""The published tracker with the best HOTA: its boxes, ids thrown away, are what every tracker here is given."""

Row = dict[str, Any]
Box = tuple[float, float, float, float]


def run(quick: bool) -> list[Row]:
    """All rows: `name, value, unit, aim, met, note`."""
    rows = [*_sea_rows(2 if quick else 10), *_speed_rows(100 if quick else 300)]
    folder = DATA / "porpoise_tracks"
    if not folder.is_dir():
        return [*rows, _row("real tracks", None, "", None, None, "left out: ../shared/data is absent")]
    return [*rows, *_porpoise_rows(folder, quick), *_check_rows(DATA / "pedestrian_tracks")]


def _row(name: str, value: float | None, unit: str, aim: str | None, met: bool | None, note: str = "") -> Row:
    value = None if value is None else round(float(value), 4)
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


# --- a sea in numbers -------------------------------------------------------------------------------------------------


def _sea_rows(seeds: int) -> list[Row]:
    rows = []
    for name, scene in SCENES.items():
        trials = [scene(seed) for seed in range(seeds)]
        answers = [track(TrackRequest(frames=trial.frames, final=True)).tracks for trial in trials]
        ids = [_ids_by_object(trial, tracks) for trial, tracks in zip(trials, answers, strict=True)]
        note = f"{seeds} seeds, {sum(len(trial.movers) for trial in trials)} objects"
        switches = sum(_switches(sequence) for part in ids for sequence in part.values())
        broken = [len(set(part[mover.name])) for trial, part in zip(trials, ids, strict=True) for mover in trial.movers]
        craft = [
            len(set(part[mover.name]))
            for trial, part in zip(trials, ids, strict=True)
            for mover in trial.movers
            if mover.kind.is_craft
        ]
        one = sum(count == 1 for count in craft) / len(craft)
        false = sum(_is_false(trial, item) for trial, tracks in zip(trials, answers, strict=True) for item in tracks)
        seen = sum(len(sequence) for part in ids for sequence in part.values())
        rows += [
            _row(f"{name}: switches a 1,000 sightings", 1000 * switches / seen, "", None, None, note),
            _row(f"{name}: tracks an object", float(np.mean(broken)), "", None, None, note),
            _row(f"{name}: false tracks a minute", false / _minutes(trials), "1/min", "<= 0.5", None, note),
        ]
        if name == "approach":
            rows.append(_row("approach: boats in one track", one, "share", "1", one == 1.0, note))
        if name == "no telemetry":
            continue
        inside, slow = _honesty(trials, answers)
        rows.append(_row(f"{name}: velocity inside its 95 %", inside, "share", "0.9 to 1", 0.9 <= inside <= 1.0, note))
        if slow:
            wrong = float(np.mean([chance > 0.9 for chance in slow]))
            rows.append(_row(f"{name}: still boats called moving", wrong, "share", "<= 0.02", wrong <= 0.02, note))
    for row in rows:
        if "false tracks" in row["name"]:
            row["met"] = row["value"] <= 0.5
    return rows


def _minutes(trials: Sequence[Trial]) -> float:
    return sum(float(trial.times_s[-1]) for trial in trials) / 60


def _ids_by_object(trial: Trial, tracks: Iterable[Track]) -> dict[str | None, list[str]]:
    """The track ids of each object's sightings, in order of time."""
    names = {frame.frame.pts: origin for frame, origin in zip(trial.frames, trial.origins, strict=True)}
    seen: dict[str | None, list[tuple[float, str]]] = defaultdict(list)
    for item in tracks:
        if item.state is TrackState.LOST:
            for point in item.points:
                if point.detection is not None:
                    seen[names[point.pts][point.detection]].append((point.t_s, item.id))
    seen.pop(None, None)
    return defaultdict(list, {name: [found for _, found in sorted(pairs)] for name, pairs in seen.items()})


def _switches(ids: Sequence[str]) -> int:
    return sum(one != two for one, two in pairwise(ids))


def _is_false(trial: Trial, item: Track) -> bool:
    """Whether a track that was believed is made of false alarms."""
    return item.state is TrackState.LOST and _owner(trial, item) is None


def _owner(trial: Trial, item: Track) -> str | None:
    names = {frame.frame.pts: origin for frame, origin in zip(trial.frames, trial.origins, strict=True)}
    votes = Counter(names[point.pts][point.detection] for point in item.points if point.detection is not None)
    return votes.most_common(1)[0][0] if votes else None


def _honesty(trials: Sequence[Trial], answers: Sequence[Sequence[Track]]) -> tuple[float, list[float]]:
    """Share of craft velocities whose truth lies in the 95 % ellipse, and P(moving) of craft that lie still.

    Points from 5 s after a track's start, seen in their frame.
    """
    inside, slow = [], []
    for trial, tracks in zip(trials, answers, strict=True):
        speeds = {mover.name: np.gradient(mover.places, trial.times_s, axis=0) for mover in trial.movers}
        index = {frame.frame.pts: number for number, frame in enumerate(trial.frames)}
        for item in tracks:
            owner = _owner(trial, item)
            if item.state is not TrackState.LOST or owner is None or not item.kind.is_craft:
                continue
            for point in item.points:
                if not point.observed or point.velocity is None or point.t_s < item.points[0].t_s + 5:
                    continue
                truth = speeds[owner][index[point.pts]]
                own = point.velocity.own
                cov = np.array([[own.east_east, own.east_north], [own.east_north, own.north_north]])
                off = np.array([point.velocity.east_mps, point.velocity.north_mps]) - truth
                inside.append(off @ np.linalg.inv(cov) @ off < 5.99)
                if math.hypot(*truth) < 0.05 and point.p_moving is not None:
                    slow.append(point.p_moving)
    return float(np.mean(inside)), slow


# --- real porpoises ---------------------------------------------------------------------------------------------------


def _porpoise_rows(folder: Path, quick: bool) -> list[Row]:
    names = (folder / "test_sequences.txt").read_text(encoding="utf-8").split()
    truth = {name: read_mot(folder / "gt" / name / "gt" / "gt.txt") for name in names}
    published = {
        path.name: {name: _boxes(path / f"{name}.txt") for name in names}
        for path in sorted((folder / "trackers").iterdir())
    }
    given = published[BOXES_OF]
    totals = {f"{name} (published)": _total(truth, boxes) for name, boxes in published.items()}
    best = max(total.hota for total in totals.values())
    ours = _total(truth, {name: track_mot(boxes, FPS) if boxes else () for name, boxes in given.items()})
    note = f"{len(names)} sequences, boxes of {BOXES_OF}"
    rows = [
        _row("porpoises: Wideberth HOTA", ours.hota, "", f"> {best:.3f}", ours.hota > best, note),
        _row("porpoises: Wideberth IDF1", ours.idf1, "", None, None, note),
        _row("porpoises: Wideberth MOTA", ours.mota, "", None, None, note),
        _row("porpoises: Wideberth switches", ours.switches, "", None, None, note),
    ]
    true = _total(truth, {name: track_mot(boxes, FPS) for name, boxes in truth.items()})
    rows.append(_row("porpoises, true boxes: Wideberth HOTA", true.hota, "", None, None, f"{true.switches} switches"))
    for name, theirs in _package_trackers().items():
        total = _total(truth, {key: theirs(boxes) if boxes else () for key, boxes in given.items()})
        rows.append(
            _row(f"porpoises: trackers {name} HOTA", total.hota, "", None, None, f"{note}; {total.switches} switches")
        )
        if not quick:
            total = _total(truth, {key: theirs(boxes) for key, boxes in truth.items()})
            rows.append(
                _row(
                    f"porpoises, true boxes: trackers {name} HOTA",
                    total.hota,
                    "",
                    None,
                    None,
                    f"{total.switches} switches",
                )
            )
    for name, total in totals.items():
        rows.append(_row(f"porpoises: {name} HOTA", total.hota, "", None, None, f"{total.switches} switches"))
    return rows


def _boxes(path: Path) -> tuple[MotBox, ...]:
    return read_mot(path) if path.stat().st_size else ()


def _total(truth: dict[str, tuple[MotBox, ...]], guess: dict[str, Sequence[MotBox]]) -> Scores:
    return reduce(add, (score(truth[name], guess[name]) for name in truth))


def _package_trackers() -> dict[str, Callable[[Sequence[MotBox]], tuple[MotBox, ...]]]:
    """The trackers of the package `trackers`, where it is installed, with its default settings.

    Pictures are not given, so BoT-SORT runs without camera motion; neither has Wideberth any here.
    """
    if find_spec("trackers") is None or find_spec("supervision") is None:
        return {}
    from trackers import BoTSORTTracker, ByteTrackTracker, OCSORTTracker

    makers: dict[str, Callable[[], Any]] = {
        "ByteTrack": lambda: ByteTrackTracker(frame_rate=FPS),
        "OC-SORT": lambda: OCSORTTracker(frame_rate=FPS),
        "BoT-SORT": lambda: BoTSORTTracker(frame_rate=FPS, enable_cmc=False),
    }
    return {name: _follower(make) for name, make in makers.items()}


def _follower(make: Callable[[], Any]) -> Callable[[Sequence[MotBox]], tuple[MotBox, ...]]:
    def follow(boxes: Sequence[MotBox]) -> tuple[MotBox, ...]:
        follower, found = make(), []
        by_frame = defaultdict(list)
        for box in boxes:
            by_frame[box.frame].append(box)
        for frame in range(min(by_frame), max(by_frame) + 1):
            result = follower.update(_supervision(by_frame.get(frame, [])))
            for (left, top, right, bottom), identity in zip(result.xyxy, result.tracker_id, strict=True):
                if identity >= 0:
                    found.append(MotBox(frame, int(identity), left, top, right - left, bottom - top, 1.0))
        return tuple(found)

    return follow


def _supervision(boxes: Sequence[MotBox]) -> Any:
    from supervision import Detections

    corners = [(b.left_px, b.top_px, b.left_px + b.width_px, b.top_px + b.height_px) for b in boxes]
    return Detections(
        xyxy=np.array(corners, dtype=np.float64).reshape(-1, 4),
        confidence=np.array([b.confidence for b in boxes], dtype=np.float64),
        class_id=np.zeros(len(boxes), dtype=int),
    )


# --- checks and speed -------------------------------------------------------------------------------------------------


def _check_rows(folder: Path) -> list[Row]:
    """Our scores against those of independent implementations on the same files."""
    known = {"TUD-Campus": (0.526462, 0.557659), "TUD-Stadtmitte": (0.564014, 0.644619)}
    rows = []
    for name, (mota, idf1) in known.items():
        ours = score(read_mot(folder / name / "gt.txt"), read_mot(folder / name / "test.txt"))
        off = max(abs(ours.mota - mota), abs(ours.idf1 - idf1))
        rows.append(_row(f"{name}: MOTA, IDF1 off motmetrics", off, "", "<= 0.00001", off <= 1e-5, "motmetrics 1.4"))
        if find_spec("trackers") is not None:
            off = abs(ours.hota - _their_hota(folder / name))
            rows.append(_row(f"{name}: HOTA off trackers", off, "", "<= 0.0001", off <= 1e-4, "its own eval"))
    return rows


def _their_hota(folder: Path) -> float:
    from trackers.eval import compute_hota_metrics

    sides = [read_mot(folder / name) for name in ("gt.txt", "test.txt")]
    frames = sorted({box.frame for side in sides for box in side})
    ids, corners = [], []
    for side in sides:
        number = {identity: index for index, identity in enumerate(sorted({box.identity for box in side}))}
        ids.append([np.array([number[b.identity] for b in side if b.frame == f], dtype=int) for f in frames])
        corners.append([_supervision([b for b in side if b.frame == f]).xyxy for f in frames])
    overlaps = [_overlaps(one, two) for one, two in zip(corners[0], corners[1], strict=True)]
    return float(compute_hota_metrics(ids[0], ids[1], overlaps)["HOTA"])


def _overlaps(first: Any, second: Any) -> Any:
    """IoU by plain loops, on purpose not the project's own."""
    table = np.zeros((len(first), len(second)))
    for i, (a, b, c, d) in enumerate(first):
        for j, (e, f, g, h) in enumerate(second):
            common = max(0.0, min(c, g) - max(a, e)) * max(0.0, min(d, h) - max(b, f))
            table[i, j] = common / ((c - a) * (d - b) + (g - e) * (h - f) - common)
    return table


def _speed_rows(frames: int) -> list[Row]:
    """Milliseconds an update with 20 objects, on the sea and in the picture, beside ByteTrack in the same run."""
    trial = SCENES["regatta"](0)
    sensed = trial.frames[: min(frames, len(trial.frames))]
    on_sea = _best_ms(lambda: track(TrackRequest(frames=sensed)), len(sensed))
    boxes = _twenty(frames)
    in_picture = _best_ms(lambda: track_mot(boxes, FPS), frames)
    note = "processor time"
    rows = [
        _row(
            "speed: an update on the sea, 20 boats",
            on_sea,
            "ms",
            "<= 3",
            on_sea <= 3,
            f"{note}, with memory and wire types",
        ),
        _row("speed: an update in the picture, 20 objects", in_picture, "ms", "<= 3", in_picture <= 3, note),
    ]
    theirs = _package_trackers().get("ByteTrack")
    if theirs is not None:
        other = _best_ms(lambda: theirs(boxes), frames)
        rows.append(_row("speed: trackers ByteTrack, 20 objects", other, "ms", None, None, f"{note}, same boxes"))
        rows.append(_row("speed: in the picture, times ByteTrack", in_picture / other, "", None, None))
        rows.append(_row("speed: on the sea, times ByteTrack", on_sea / other, "", None, None))
    return rows


def _best_ms(work: Callable[[], object], updates: int) -> float:
    """Processor time, the best of three: the machine may be busy with other things."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1000 * min(times) / updates


def _twenty(frames: int) -> list[MotBox]:
    rng = np.random.default_rng(0)
    starts, steps = rng.uniform(100, 1600, (20, 2)), rng.uniform(-2, 2, (20, 2))
    return [
        MotBox(frame + 1, -1, *(starts[i] + steps[i] * frame + rng.normal(0, 1, 2)).tolist(), 60.0, 30.0, 0.9)
        for frame in range(frames)
        for i in range(20)
    ]
