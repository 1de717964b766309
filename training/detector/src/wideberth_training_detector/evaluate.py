"""Measure weights: `python -m wideberth_training_detector.evaluate …/detector/<version> --json OUT [--quick]`.

Simulated stills never trained on, then every real set, with the product's own detector and tiling and the benches' own
matching. From them: the confidence each class should be believed from, all scores at it, calibration, and what INT8
costs. The tables of what was found are kept in `--work`, by the weights' checksum, so a second run takes seconds.
"""

import argparse
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from bench.accuracy import detector_real, detector_sim, real_sets
from bench.accuracy.average_precision import Rule
from bench.accuracy.judged import Judged, Picture, joined
from bench.accuracy.looking import card_of, open_detector, stored
from bench.accuracy.real_sets import COAST, HUMPBACKS, NEGATIVES, PORPOISES, SURF, RealSet
from bench.accuracy.strata import STRATA, by_band
from wideberth_contracts.detections import ObjectKind
from wideberth_training_detector import calibration, thresholds
from wideberth_training_detector.failures import may_be_shown

CURVE_POINTS = 60
BY_REAL_RULE = Rule.IOU30
"""Real boxes are upright and padded: half overlap would call right detections wrong."""


class Tables:
    """What the weights of a folder find, measured once and kept."""

    def __init__(self, folder: Path, work: Path, *, quick: bool) -> None:
        """Name the weights, how much of each set is looked at, and where tables are kept."""
        self.folder, self._work = folder, work
        self.stills = detector_sim.draw(detector_sim.QUICK_STILLS if quick else detector_sim.STILLS)
        self.most = detector_real.QUICK_PICTURES if quick else None
        self._amount = "quick" if quick else "whole"

    def simulated(self, *, single_precision: bool = False) -> Judged:
        """All stills."""
        detector = open_detector(self.folder, single_precision=single_precision)
        return self._kept(self.stills.folder.name, single_precision, lambda: detector_sim.look(detector, self.stills))

    def real(self, *, single_precision: bool = False) -> Judged:
        """All sets, kept one by one; in single precision the cetaceans only, for time."""
        sets = (PORPOISES, HUMPBACKS) if single_precision else detector_real.JUDGES
        detector = open_detector(self.folder, single_precision=single_precision)
        card = card_of(self.folder)

        def look(one: RealSet) -> Judged:
            found = partial(detector_real.look, detector, card, (one,), most=self.most)
            return self._kept(one.name, single_precision, found)

        return joined(look(one) for one in sets)

    def _kept(self, name: str, single_precision: bool, measure: Callable[[], Judged]) -> Judged:
        kept = stored(self.folder)
        weights = "model.onnx" if single_precision or "model.bin" not in kept.sums else "model.bin"
        learnt = json.dumps(card_of(self.folder).get("training_data"), sort_keys=True, default=str)
        digest = hashlib.sha256(f"{kept.sums[weights]} {learnt}".encode()).hexdigest()[:12]
        path = self._work / "judge" / f"{digest}-{weights}-{name}-{self._amount}.json"
        if not path.is_file():
            measure().save(path)
            print(f"  looked at {name}{' in f32' if single_precision else ''}", flush=True)
        return Judged.load(path)


def measure(tables: Tables) -> tuple[dict[str, Any], Judged]:
    """All metrics as plain numbers, and the tables they were read from."""
    simulated = tables.simulated()
    real = tables.real() if real_sets.DATA.is_dir() else Judged()
    sure = thresholds.choose(simulated, _empty_permitted(real))
    metrics: dict[str, Any] = {
        "model": stored(tables.folder).id,
        "date": datetime.now(UTC).date().isoformat(),
        "stills": len(tables.stills),
        "confidence_by_class": {kind.value: at for kind, at in sure.items()},
        "simulated": list(detector_sim.score_rows(simulated, sure)),
        "strata": _strata(simulated, sure),
        "taken_for": _taken_for(simulated, sure),
        "calibration": {"simulated stills": calibration.by_class(simulated, Rule.IOU50)},
        "int8": {"simulated": _int8(simulated, tables.simulated(single_precision=True))},
    }
    if real.pictures:
        metrics |= {
            "real": list(detector_real.score_rows(real, sure)),
            "porpoise_curve": _curve(real.part(PORPOISES.name), ObjectKind.DOLPHIN),
        }
        metrics["calibration"]["real pictures"] = calibration.by_class(real, BY_REAL_RULE)
        single = tables.real(single_precision=True)
        same = real.of(lambda picture: picture.part in {one.part for one in single.pictures})
        metrics["int8"]["real"] = _int8(same, single)
    return metrics, joined((simulated, real))


def _empty_permitted(real: Judged) -> list[Judged]:
    """The empty sets, without pictures that only measure: no setting of what ships is drawn from those."""

    def permitted(part: str) -> Callable[[Picture], bool]:
        return lambda picture: picture.part == part and may_be_shown(picture)

    found = [real.of(permitted(one.name)) for one in (NEGATIVES, SURF, COAST)]
    return [one for one in found if one.pictures]


def _strata(judged: Judged, sure: dict[ObjectKind, float]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """By stratum and class."""
    return {
        stratum.name: {
            kind.value: rows for kind in ObjectKind if (rows := list(by_band(judged, kind, stratum, sure[kind])))
        }
        for stratum in STRATA
    }


def _taken_for(judged: Judged, sure: dict[ObjectKind, float]) -> dict[str, dict[str, float | None]]:
    """By true class and class of detection: the share of objects that such a detection touches."""
    return {
        kind.value: {other.value: judged.taken_for(kind, other, sure[other]) for other in ObjectKind}
        for kind in ObjectKind
        if judged.truths(kind)
    }


def _int8(whole: Judged, single: Judged) -> dict[str, dict[str, float | None]]:
    """By class: AP50 in INT8 and in single precision."""
    return {
        kind.value: {"int8": whole.average_precision(kind), "f32": single.average_precision(kind)}
        for kind in ObjectKind
        if single.truths(kind)
    }


def _curve(judged: Judged, kind: ObjectKind) -> list[dict[str, float]]:
    """Recall against false alarms a picture by both loose rules, thinned to so many points."""
    loose = judged.free_response(kind, Rule.IOU30)
    centre = judged.free_response(kind, Rule.CENTRE)
    both = [{**one, "recall_centre": other["recall"]} for one, other in zip(loose, centre, strict=True)]
    step = max(1, len(both) // CURVE_POINTS)
    return both[::step]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("work"))
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    metrics, _ = measure(Tables(given.folder, given.work, quick=given.quick))
    given.json.write_text(json.dumps(metrics, indent=1) + "\n")
    for row in (*metrics["simulated"], *metrics.get("real", ())):
        if row["aim"]:
            print(f"{row['name']}: {row['value']} (aim {row['aim']}, {'met' if row['met'] else 'missed'})")


if __name__ == "__main__":
    main()
