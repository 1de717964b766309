"""What the files of an analysis say by themselves, where no journal does: what was asked, how far it got, what came.

A segment is done when its Parquet file is whole, whatever anyone says. Decisions of persons are not in these files.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from wideberth_contracts.errors import BadInput, WideberthError
from wideberth_contracts.judgement import Alert, JudgeAnswer
from wideberth_gateway.alerts.making import alerts_of
from wideberth_gateway.rules.catalogue import load_pack
from wideberth_gateway.store.analyses import Analysis, SegmentRow, State
from wideberth_pipeline import Plan, load_plan
from wideberth_pipeline.segment_file import failure_in, is_done, segment_path

PLAN, JUDGEMENT, ALERTS = "plan.json", "judgement.json", "alerts.geojson"


@dataclass(frozen=True, slots=True)
class FoundAnalysis:
    """An analysis as its folder has it.

    Attributes:
        originals: names and hashes that its plan speaks of.
        given_up: by position, why segments could not be sensed.
    """

    analysis: Analysis
    given_up: dict[int, str]
    originals: tuple[tuple[str, str], ...]
    alerts: tuple[Alert, ...]


def read_analysis(folder: Path) -> FoundAnalysis:
    """An analysis from its folder.

    Raises:
        BadInput: its plan, judgement or alerts cannot be read.
    """
    plan = _plan(folder)
    ended = (folder / ALERTS).is_file() and (folder / JUDGEMENT).is_file()
    asked_epoch_s = (folder / PLAN).stat().st_mtime
    telemetry = plan.telemetry
    log = None if telemetry is None or telemetry.file.startswith(f"{plan.video} (") else telemetry
    analysis = Analysis(
        id=plan.analysis_id,
        video_sha256=plan.video_sha256,
        video_name=plan.video,
        telemetry_sha256=log.sha256 if log else None,
        telemetry_name=log.file if log else None,
        settings_json=plan.settings.model_dump_json(),
        grade=plan.grade.value,
        state=State.DONE if ended else State.QUEUED,
        attempt=1,
        problem=None,
        created_epoch_s=asked_epoch_s,
        started_epoch_s=asked_epoch_s if ended else None,
        frames_at_start=0,
        finished_epoch_s=(folder / ALERTS).stat().st_mtime if ended else None,
        segments=segments_of(plan, folder),
        forked_from=plan.forked_from.analysis_id if plan.forked_from else None,
        forked_stage=plan.forked_from.stage.value if plan.forked_from else None,
    )
    named = ((plan.video, plan.video_sha256), *(((log.file, log.sha256),) if log else ()))
    return FoundAnalysis(analysis, given_up_in(plan, folder), named, _alerts(plan, folder) if ended else ())


def segments_of(plan: Plan, folder: Path) -> tuple[SegmentRow, ...]:
    """Segments, each done where its file is whole. Spans without frames have no file and nothing to do."""
    rows = []
    for span in plan.spans:
        done = bool(span.frames) and is_done(segment_path(folder, span), plan.analysis_id)
        lost = done and bool(failure_in(segment_path(folder, span)))
        starts, frames = int(done), span.frames if done and not lost else 0
        rows.append(SegmentRow(span.index, span.start_s, span.stop_s, span.frames, frames, starts, done))
    return tuple(rows)


def given_up_in(plan: Plan, folder: Path) -> dict[int, str]:
    """By position, why segments could not be sensed."""
    done = [span for span in plan.spans if span.frames and is_done(segment_path(folder, span), plan.analysis_id)]
    reasons = {span.index: failure_in(segment_path(folder, span)) for span in done}
    return {position: reason for position, reason in reasons.items() if reason}


def _plan(folder: Path) -> Plan:
    try:
        plan = load_plan(folder)
    except OSError as error:
        raise BadInput(error.strerror or "cannot be read", where=str(folder / PLAN), remedy="reconcile") from error
    except ValidationError as error:
        remedy = "use the version that made it, or ask for the analysis again"
        raise BadInput("this plan was made by another version", where=str(folder / PLAN), remedy=remedy) from error
    if plan.analysis_id != folder.name:
        raise BadInput("the plan is of another analysis", where=str(folder / PLAN), remedy="move the folder aside")
    return plan


def _alerts(plan: Plan, folder: Path) -> tuple[Alert, ...]:
    """Alerts anew from the judgement, each in the version its file told; made when that was written."""
    try:
        judgement = JudgeAnswer.model_validate_json((folder / JUDGEMENT).read_text(encoding="utf-8"))
        told = json.loads((folder / ALERTS).read_text(encoding="utf-8"))["features"]
        known = {one["id"]: one["properties"] for one in told}
        made = alerts_of(
            judgement,
            load_pack(f"{judgement.pack_id}@{judgement.pack_version}"),
            analysis_id=plan.analysis_id,
            grade=plan.grade,
            model_ids=tuple(model.id for service in plan.services for model in service.models),
            created_at=datetime.fromtimestamp((folder / ALERTS).stat().st_mtime, UTC),
        )
        return tuple(_as_told(alert, known[alert.id]) for alert in made if alert.id in known)
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"cannot be read: {error}", where=str(folder), remedy="ask for the analysis again") from error
    except WideberthError as error:
        raise type(error)(error.detail, where=str(folder), remedy=error.remedy) from error


def _as_told(alert: Alert, told: dict[str, object]) -> Alert:
    version = int(str(told["version"]))
    return alert.model_copy(update={"version": version, "evidence_version": version})
