"""An analysis judged again, by another pack or version: the old verdicts stand beside the new. No alert is made."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_contracts.known import Known
from wideberth_gateway.access.guard import actor_of
from wideberth_gateway.analyses.routes import AnalysisId
from wideberth_gateway.judging import encounters_json
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.shelved_work import held
from wideberth_gateway.store import analyses as store
from wideberth_gateway.store import audit
from wideberth_gateway.store.analyses import Analysis, State
from wideberth_gateway.verdicts import keep_beside, name_of, verdict_files
from wideberth_pipeline import Stages, judge_again

router = APIRouter(tags=["judgements"])

JudgementName = Annotated[str, InPath(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=200)]


class JudgementAsked(BaseModel):
    """By what to judge.

    Attributes:
        rules: a pack, `nz`, or one version of it, `nz@1`.
        known: what persons say of the encounters (docs/rules.md).
    """

    model_config = {"extra": "forbid"}

    rules: Annotated[str, Field(min_length=1, max_length=100)]
    known: Known = Known()


class JudgementView(BaseModel):
    """One judgement. `verdicts`: how many findings of each kind; `result`: the whole, as `encounters.json`."""

    name: str
    pack_id: str
    pack_version: str
    pack_sha256: str
    encounters: int
    verdicts: dict[str, int]
    result: str


class JudgementList(BaseModel):
    """All of an analysis, the first one first."""

    judgements: tuple[JudgementView, ...]


@router.post("/v1/analyses/{analysis_id}/judgements", status_code=201)
async def judge(request: Request, response: Response, analysis_id: AnalysisId, asked: JudgementAsked) -> JudgementView:
    """Judged by another pack, without sensing or tracking again. The same question has the same answer, kept once."""
    analysis = await _done(request, analysis_id)
    stages: Stages = request.app.state.stages
    shelf: Shelf = request.app.state.shelf
    async with held(lambda: shelf.analysis(analysis_id)) as folder:
        plan, tracks, answer = await judge_again(
            stages.distance, stages.judge, folder, rules=asked.rules, known=asked.known
        )
        text = encounters_json(answer, plan.analysis_id, tracks)
        kept = await asyncio.to_thread(keep_beside, folder, answer, text)
        await asyncio.to_thread(shelf.keep_analysis, analysis_id)
        view = await asyncio.to_thread(_view, analysis_id, kept)
    told = {"rules": f"{answer.pack_id}@{answer.pack_version}", "judgement": name_of(kept)}
    append = audit.append
    await asyncio.to_thread(
        append, request.app.state.engine, actor=actor_of(request), action="analysis.judged_again",
        subject=analysis.id, details=told,
    )  # fmt: skip
    response.headers["Location"] = f"/v1/analyses/{analysis_id}/judgements/{name_of(kept)}"
    return view


@router.get("/v1/analyses/{analysis_id}/judgements")
async def judgements(request: Request, analysis_id: AnalysisId) -> JudgementList:
    """All judgements of an analysis: `first` is the one that its alerts are of."""
    await _done(request, analysis_id)
    async with _verdicts(request, analysis_id) as folder:
        files = await asyncio.to_thread(verdict_files, folder)
        views = [await asyncio.to_thread(_view, analysis_id, file) for file in files]
    return JudgementList(judgements=tuple(views))


@router.get("/v1/analyses/{analysis_id}/judgements/{name}", response_class=JSONResponse)
async def judgement(request: Request, analysis_id: AnalysisId, name: JudgementName) -> JSONResponse:
    """One judgement whole: the content of `encounters.json` (docs/formats.md)."""
    await _done(request, analysis_id)
    async with _verdicts(request, analysis_id) as folder:
        for file in await asyncio.to_thread(verdict_files, folder):
            if name_of(file) == name:
                return JSONResponse(await asyncio.to_thread(_content, file))
    raise NotFound("no judgement of that name", where=request.url.path, remedy="see …/judgements")


def _verdicts(request: Request, analysis_id: str) -> AbstractAsyncContextManager[Path]:
    """The folder of the analysis with all verdicts in it."""
    shelf: Shelf = request.app.state.shelf
    return held(lambda: shelf.analysis(analysis_id, lambda name: name.startswith("encounters.")))


async def _done(request: Request, analysis_id: str) -> Analysis:
    found = await asyncio.to_thread(store.find_analysis, request.app.state.engine, analysis_id)
    if found is None:
        raise NotFound("no analysis of that id", where=request.url.path)
    if found.state is not State.DONE:
        raise Conflict(f"the analysis is {found.state.value}", where=found.id, remedy="wait until it is done")
    return found


def _content(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def _view(analysis_id: str, file: Path) -> JudgementView:
    content = _content(file)
    pack, rows = content["rule_pack"], content["encounters"]
    said = [row["verdict"] for row in rows]
    return JudgementView(
        name=name_of(file),
        pack_id=pack["id"],
        pack_version=pack["version"],
        pack_sha256=pack["sha256"],
        encounters=len({(row["vessel_track"], row["group"]) for row in rows}),
        verdicts={verdict: said.count(verdict) for verdict in sorted(set(said))},
        result=f"/v1/analyses/{analysis_id}/judgements/{name_of(file)}",
    )
