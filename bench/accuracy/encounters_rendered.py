"""Ten simulated scenes, rendered, through the whole chain: violations found against the truth, alerts without one.

A violation of the truth counts as one that must be found only where it is one by more than the interval: the true
separation stays inside 50 m by more than half the width of the measured interval. A scene in which the chain cannot
be that sure is reported, not hidden.
"""

import tempfile
from pathlib import Path
from typing import Any

from wideberth.analysis import Analysis, analyse
from wideberth.demo import scene_named
from wideberth.truth import INSIDE_M, TrueCraft, Truth
from wideberth_contracts.judgement import Encounter, Verdict
from wideberth_contracts.poses import CameraPose
from wideberth_contracts.settings import AnalysisSettings
from wideberth_simulator import simulate

SCENES = (
    "day",
    "low_sun",
    "glint_centre",
    "calm",
    "rough",
    "height_60",
    "height_110",
    "pitch_30",
    "nadir_90",
    "consumer",
    "no_vessel",
)
RULE = "KR-1"


async def rendered_rows() -> list[dict[str, Any]]:
    """One row a scene, and the totals; by the rule of 50 m alone."""
    rows: list[dict[str, Any]] = []
    totals = {"must": 0, "found": 0, "false": 0, "covered": 0, "measured": 0}
    for name in SCENES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(await _scene(name, Path(folder), totals))
    complete = totals["found"] >= totals["must"]
    rows.append(
        _row("rendered: sure violations found", totals["found"], f"of {totals['must']}", totals["must"], complete)
    )
    rows.append(_row("rendered: alerts without a violation", totals["false"], "alerts", 0, totals["false"] == 0))
    share = totals["covered"] / totals["measured"] if totals["measured"] else None
    note = f"{totals['covered']} of {totals['measured']} closest approaches"
    rows.append(_row("rendered: closest separation inside its interval", share, "share", None, None, note))
    return rows


def _row(name: str, value: Any, unit: str, aim: Any, met: bool | None, note: str = "") -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "aim": aim, "met": met, "note": note}


async def _scene(name: str, folder: Path, totals: dict[str, int]) -> dict[str, Any]:
    files = simulate(scene_named(name), folder / "clip", None, clean=False)
    truth = Truth.read(files.truth)
    done = await analyse(files.video, files.telemetry, AnalysisSettings(), folder / "out", quiet=True)
    violations = _violations(done, truth)
    broken = {craft.object_id: craft for craft in truth.crafts.values() if craft.breaks_rule}
    must = {object_id for object_id, craft in broken.items() if _beyond_the_interval(done, truth, craft)}
    found = {object_id for object_id in violations if object_id in broken}
    false = [object_id for object_id in violations if object_id not in broken]
    totals["must"] += len(must)
    totals["found"] += len(must & found)
    totals["false"] += len(false)
    notes = [f"grade {done.plan.grade.value}", f"truth breaks {len(broken)}, surely {len(must)}, found {len(found)}"]
    for encounter in done.outcome.judgement.encounters:
        notes.append(_closest(encounter, done, truth, totals))
    met = must <= found and not false
    return _row(f"rendered: {name}", len(found), f"of {len(must)} sure violations", len(must), met, "; ".join(notes))


def _violations(done: Analysis, truth: Truth) -> list[str | None]:
    tracks = {track.id: track for track in done.outcome.tracks}
    return [
        truth.object_of(tracks[encounter.craft_track])
        for encounter in done.outcome.judgement.encounters
        for finding in encounter.findings
        if finding.rule == RULE and finding.verdict is Verdict.VIOLATION
    ]


def _closest(encounter: Encounter, done: Analysis, truth: Truth, totals: dict[str, int]) -> str:
    tracks = {track.id: track for track in done.outcome.tracks}
    craft, true_m = truth.of_encounter(encounter, tracks)
    interval = encounter.closest_interval_95_m
    closest = encounter.closest_separation_m
    measured = f"{encounter.craft_track} {closest:.0f} m ({interval.low:.0f} to {interval.high:.0f})"
    if craft is None or true_m is None:
        return measured + ", no such craft in the truth"
    totals["measured"] += 1
    totals["covered"] += interval.low <= true_m <= interval.high
    return f"{measured}, truth {true_m:.0f}"


def _beyond_the_interval(done: Analysis, truth: Truth, craft: TrueCraft) -> bool:
    """Is the truth a violation by more than this analysis' own error at that range?

    Without a single pose there is no scale: the error has no bound, and nothing is sure.
    """
    posed = any(isinstance(one.pose, CameraPose) for part in done.outcome.segments for one in part.frames())
    if not posed or craft.closest_m is None:
        return False
    widths = [
        sample.separation.interval_95_m.high - sample.separation.value_m
        for series in done.outcome.series
        for sample in series.samples
        if sample.separation.value_m < 2 * INSIDE_M
    ]
    allowance = sorted(widths)[len(widths) // 2] if widths else 0.25 * INSIDE_M
    return craft.closest_m + allowance < INSIDE_M
