"""The annotated video of a flight with a span that could not be sensed: made in a process that may be lost."""

import logging
import multiprocessing
from pathlib import Path

from wideberth.render.annotate import Report, annotate
from wideberth_pipeline import Outcome, Plan

_log = logging.getLogger("wideberth.gateway")


def annotated_apart(video: Path, plan: Plan, outcome: Outcome, target: Path, report: Report) -> Path | None:
    """The annotated video; None, with a line in the log, where making it ended its process. `report` hears the end."""
    child = multiprocessing.get_context("spawn").Process(
        target=_annotate, args=(video, plan, outcome, target), name="annotate", daemon=True
    )
    child.start()
    try:
        child.join()
    finally:
        child.kill()
    report(1, 1)
    if child.exitcode == 0:
        return target
    _log.error("%s has no annotated video: its process ended with code %s", plan.analysis_id, child.exitcode)
    return None


def _annotate(video: Path, plan: Plan, outcome: Outcome, target: Path) -> None:
    annotate(video, plan, outcome, target, lambda done, total: None)
