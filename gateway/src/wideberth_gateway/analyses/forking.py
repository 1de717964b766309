"""An analysis that goes on from another one, from a stage on and with other settings."""

import asyncio

from wideberth_contracts.errors import Conflict
from wideberth_contracts.settings import AnalysisSettings
from wideberth_gateway.analyses.messages import AnalysisRequest, ForkRequest
from wideberth_gateway.analyses.submission import Desk
from wideberth_gateway.keeping.shelf import in_threads
from wideberth_gateway.store.analyses import Analysis, State
from wideberth_gateway.store.organisations import Whose
from wideberth_pipeline import load_plan
from wideberth_pipeline.forking import plan_anew, plan_from
from wideberth_pipeline.origin import ForkStage


async def fork(desk: Desk, parent: Analysis, asked: ForkRequest, for_whom: Whose) -> Analysis:
    """The analysis that goes on from `parent`; the one of that question where there is one already.

    Raises:
        Conflict: the other one has not ended, or not well enough to go on from that stage; or it would do the same.
        BadInput: a setting differs that what is taken over depends on.
        NotFound: files that would be taken over are not kept any more.
        WideberthError: as the plan finds out.
    """
    if not parent.state.ended or (asked.stage is not ForkStage.SENSE and parent.state is not State.DONE):
        remedy = "fork from sense, or resume it" if parent.state.ended else "wait until it has ended, or cancel it"
        raise Conflict(f"the analysis is {parent.state.value}", where=parent.id, remedy=remedy)
    settings = asked.settings or AnalysisSettings.model_validate_json(parent.settings_json)
    question = AnalysisRequest(video=parent.video_sha256, telemetry=parent.telemetry_sha256, settings=settings)
    async with in_threads(desk.shelf.analysis(parent.id)) as folder:
        theirs = await asyncio.to_thread(load_plan, folder)
        with desk.folders.stage() as staged:
            video, telemetry = await desk.files(question, for_whom)
            if asked.stage is ForkStage.SENSE:
                anew = await desk.plan(question, video, telemetry, staged)
                made = await plan_anew(anew, theirs, folder, staged)
            else:
                made = await plan_from(desk.stages, theirs, folder, settings, asked.stage, staged)
            return await desk.enter(made, question, (video, telemetry), staged, for_whom)
