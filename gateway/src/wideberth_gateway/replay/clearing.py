"""One frame as the detector saw it, cleared of glint now; analyses keep no pictures. At most a few wait."""

import asyncio
import base64

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from wideberth_contracts.errors import Busy, NotFound
from wideberth_contracts.frames import ClearOutcome
from wideberth_gateway.keeping.shelved_work import held
from wideberth_gateway.replay.asking import AnalysisId, known, shelf_of
from wideberth_gateway.replay.blurring import hulls, is_blurred
from wideberth_pipeline.blurred import blurred_picture
from wideberth_pipeline.one_frame import cleared_picture

router = APIRouter(tags=["replay"])
MOST_WAITING = 4
"""Clearing a 4K frame takes seconds of CPU: more would keep the analyses waiting."""


class ClearedView(BaseModel):
    """A cleared frame.

    Attributes:
        picture_jpeg, mask_png: base64; the mask is white where pixels were refilled: they are no evidence.
    """

    model_config = ConfigDict(frozen=True)

    pts: int
    outcome: ClearOutcome
    glint_fraction: float
    picture_jpeg: str
    mask_png: str


class OneAtATime:
    """Clears one frame at a time; a few may wait."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._waiting = 0

    async def __aenter__(self) -> None:
        """Its turn. Raises `Busy` where too many wait already."""
        if self._waiting >= MOST_WAITING:
            raise Busy("other frames are being cleared", where="replay", remedy="try again", retry_after_s=3.0)
        self._waiting += 1
        try:
            await self._lock.acquire()
        except BaseException:
            self._waiting -= 1
            raise

    async def __aexit__(self, *_: object) -> None:
        """The next one's turn."""
        self._waiting -= 1
        self._lock.release()


@router.post("/v1/analyses/{analysis_id}/replay/cleared/{pts}")
async def cleared(request: Request, analysis_id: AnalysisId, pts: int) -> ClearedView:
    """The frame without glint and where it was refilled, worked out now as in the analysis. Takes a second or more."""
    found = await known(request, analysis_id)
    shelf = shelf_of(request)
    turns: OneAtATime = request.app.state.clearing
    async with (
        turns,
        held(lambda: shelf.analysis(analysis_id)) as folder,
        held(lambda: shelf.original(found.video_sha256)) as video,
    ):
        if not video.is_file():
            raise NotFound("the video is not kept any more", where=found.video_sha256)
        made = await cleared_picture(request.app.state.stages, folder, video, pts)
        picture = made.picture
        if is_blurred(request):
            picture = await asyncio.to_thread(blurred_picture, picture, folder, pts, hulls(request))
    return ClearedView(
        pts=pts,
        outcome=made.outcome,
        glint_fraction=made.glint_fraction,
        picture_jpeg=base64.b64encode(picture).decode(),
        mask_png=base64.b64encode(made.mask).decode(),
    )
