"""The main job in one process: a clip in, tables, pictures and alerts out."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from wideberth.findings import alerts_for, write_findings
from wideberth.progress import Report, bar
from wideberth.render.annotate import annotate
from wideberth.render.plots import draw_map, draw_separations
from wideberth.render.report import write_report
from wideberth.wiring import local_stages
from wideberth_contracts.judgement import Alert
from wideberth_contracts.settings import AnalysisSettings
from wideberth_gateway.evidence.trail_file import append_to
from wideberth_gateway.rules.catalogue import Packs, load_pack
from wideberth_media import sha256_of
from wideberth_pipeline import Outcome, Plan, Stages, follow, plan, sense, write_results

Annotate = Callable[[Path, Plan, Outcome, Path, Report], Path | None]
"""Writes the annotated video; None where it cannot be made."""

TOLD = ("analysis", "encounters", "alerts", "tracks", "separations")
"""Files whose hashes go into the audit trail of the folder."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A finished analysis. `files` by name; `seconds` wall clock of the whole."""

    plan: Plan
    outcome: Outcome
    alerts: tuple[Alert, ...]
    files: dict[str, Path]
    seconds: float


async def analyse(
    video: Path,
    telemetry: Path | None,
    settings: AnalysisSettings,
    folder: Path,
    *,
    quiet: bool = False,
    packs: Packs = load_pack,
) -> Analysis:
    """Run the whole flow; segments already in `folder` from the same question are not done again."""
    started = time.perf_counter()
    async with local_stages(packs) as stages:
        made = await plan(stages, video, telemetry, settings, folder)
        await _sense_all(stages, made, video, folder, quiet=quiet)
        outcome = await follow(stages, made, folder)
    alerts = alerts_for(made, outcome, packs)
    files = write_results(made, outcome, folder)
    files |= write_findings(made, outcome, alerts, folder)
    with bar("annotate", quiet=quiet) as report:
        files |= await asyncio.to_thread(show, video, made, outcome, folder, report, packs)
    await asyncio.to_thread(_told, made, alerts, files, folder)
    return Analysis(made, outcome, alerts, files, time.perf_counter() - started)


def _told(made: Plan, alerts: tuple[Alert, ...], files: dict[str, Path], folder: Path) -> None:
    """The trail of the folder says what was analysed and what came of it, by hash."""
    details = {
        "video_sha256": made.video_sha256,
        "telemetry_sha256": made.telemetry.sha256 if made.telemetry else None,
        "pack_sha256": made.pack_sha256,
        "alerts": len(alerts),
        **{f"{name}_sha256": sha256_of(files[name]) for name in TOLD},
    }
    append_to(folder, actor="wideberth analyse", action="analysis.done", subject=made.analysis_id, details=details)


async def _sense_all(stages: Stages, made: Plan, video: Path, folder: Path, *, quiet: bool) -> None:
    total = sum(span.frames for span in made.spans)
    before = 0
    with bar("sense", quiet=quiet) as report:
        for span in made.spans:
            await sense(stages, made, span, video, folder, partial(_add, report, before, total))
            before += span.frames
            report(before, total)


def _add(report: Report, before: int, total: int, done: int, _: int) -> None:
    report(before + done, total)


def show(
    video: Path,
    made: Plan,
    outcome: Outcome,
    folder: Path,
    report: Report,
    packs: Packs = load_pack,
    draw: Annotate = annotate,
) -> dict[str, Path]:
    """Write what a person looks at: annotated video where it can be made, map, separations, report."""
    drawn = draw(video, made, outcome, folder / "annotated.mp4", report)
    return {
        **({"annotated": drawn} if drawn else {}),
        "map": draw_map(outcome, folder / "map.png"),
        "separation": draw_separations(outcome, folder / "separation.png"),
        "report": write_report(made, outcome, alerts_for(made, outcome, packs), folder, packs),
    }
