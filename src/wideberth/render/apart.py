"""The annotated video of a flight, which an analysis does without where it cannot be made."""

import logging
import multiprocessing
from errno import EDQUOT, ENOSPC
from pathlib import Path

from wideberth.render.annotate import Report, annotate
from wideberth_contracts.errors import WideberthError
from wideberth_pipeline import Outcome, Plan
from wideberth_pipeline.follow import unseen

_log = logging.getLogger("wideberth.gateway")


def annotated(video: Path, plan: Plan, outcome: Outcome, target: Path, report: Report) -> Path | None:
    """The annotated video; None, with a line in the log, where there is none to be made: of a frame a week, say."""
    if unseen(outcome.segments):
        # The frames of a span that could not be sensed may end whichever process decodes them.
        return annotated_apart(video, plan, outcome, target, report)
    try:
        return annotate(video, plan, outcome, target, report)
    except WideberthError as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in (ENOSPC, EDQUOT):
            raise
        _log.error("%s has no annotated video: %s", plan.analysis_id, error)
        return None


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
