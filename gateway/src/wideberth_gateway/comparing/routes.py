"""The comparison of two analyses over HTTP."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request

from wideberth_contracts.errors import BadInput, Conflict
from wideberth_contracts.judgement import JudgeAnswer
from wideberth_gateway.analyses.work import JUDGEMENT_FILE
from wideberth_gateway.comparing.changes import Comparison, Side, compared
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.replay.asking import AnalysisId, known, shelf_of
from wideberth_gateway.store.alerts import Wanted, latest
from wideberth_pipeline import Plan, load_plan
from wideberth_pipeline.separation_table import read_separations
from wideberth_pipeline.track_table import tracks_in

router = APIRouter(tags=["replay"])
MOST_ALERTS = 10_000
OtherId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.get("/v1/analyses/{analysis_id}/compare/{other_id}")
async def compare(request: Request, analysis_id: AnalysisId, other_id: OtherId) -> Comparison:
    """What changed from one analysis to another of the same recording. 409 until both are done."""
    one, other = await known(request, analysis_id), await known(request, other_id)
    if one.video_sha256 != other.video_sha256:
        remedy = "compare two analyses of one video"
        raise BadInput("the two are of different videos", where=request.url.path, remedy=remedy)
    return await asyncio.to_thread(_compare, shelf_of(request), analysis_id, other_id)


def _compare(shelf: Shelf, analysis_id: str, other_id: str) -> Comparison:
    return compared(_side(shelf, analysis_id), _side(shelf, other_id))


def _side(shelf: Shelf, analysis_id: str) -> Side:
    with shelf.analysis(analysis_id, lambda name: not name.startswith("segments/")) as folder:
        if not (folder / JUDGEMENT_FILE).is_file():
            raise Conflict("the analysis is not done yet", where=analysis_id, remedy="ask again once it is")
        plan = load_plan(folder)
        judged = JudgeAnswer.model_validate_json((folder / JUDGEMENT_FILE).read_text(encoding="utf-8"))
        alerts = latest(shelf.engine, Wanted(limit=MOST_ALERTS, analysis_id=analysis_id))
        return Side(
            analysis_id=analysis_id,
            told=_told(plan, judged),
            tracks=tracks_in(folder / "tracks.parquet"),
            series=read_separations(folder / "separations.parquet"),
            judged=judged,
            alerts=tuple(kept.alert for kept in alerts),
        )


def _told(plan: Plan, judged: JudgeAnswer) -> dict[str, str]:
    """Settings one level deep, models and rule pack, as words."""
    told = {
        "rule_pack": f"{judged.pack_id}@{judged.pack_version}",
        "telemetry": plan.telemetry.sha256 if plan.telemetry else "",
    }
    told |= {f"model.{model.id}": model.sha256[:12] for service in plan.services for model in service.models}
    for name, value in plan.settings.model_dump(mode="json").items():
        if isinstance(value, dict):
            told |= {f"{name}.{inner}": str(one) for inner, one in value.items()}
        else:
            told[name] = str(value)
    return told
