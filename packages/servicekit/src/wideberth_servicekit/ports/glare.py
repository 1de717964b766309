"""The verb *clear* over HTTP."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from wideberth_contracts.frames import (
    ClearedFrame,
    ClearOutcome,
    ClearSettings,
    Frame,
    FrameMeta,
    FrameWindow,
)
from wideberth_contracts.ports import GlarePort
from wideberth_contracts.poses import FramePose
from wideberth_contracts.wire import Fraction, Wire
from wideberth_servicekit.client import HttpAdapter
from wideberth_servicekit.endpoints import PARCEL_ANSWER, PARCEL_BODY, desk_of
from wideberth_servicekit.parcels import Parcel, Picture, Shape, shape_of

CLEAR = "/v1/clear"


class WindowContent(Wire):
    """A window without its pixels."""

    frames: tuple[FrameMeta, ...]
    reference: int
    poses: tuple[FramePose, ...]
    settings: ClearSettings


class ClearedContent(Wire):
    """A cleared frame without its pixels.

    Attributes:
        frame: None where nothing was cleared: the caller has the original.
        mask: False where no pixel was refilled: the mask is all zero and not sent.
    """

    frame: FrameMeta | None
    mask: bool
    glint_fraction: Fraction
    outcome: ClearOutcome


def routes() -> APIRouter:
    """Endpoints that call the `GlarePort` in `app.state.adapter`."""
    router = APIRouter(tags=["glare"])

    @router.post(CLEAR, openapi_extra=PARCEL_BODY, responses=PARCEL_ANSWER)
    async def clear(request: Request) -> Response:
        adapter: GlarePort = request.app.state.adapter
        desk = desk_of(request)
        delivery = await desk.delivery(request, Parcel[WindowContent])
        content = delivery.content
        pixels = await desk.pictures(delivery, [shape_of(meta) for meta in content.frames])
        frames = tuple(Frame(meta, view) for meta, view in zip(content.frames, pixels, strict=True))
        cleared = await adapter.clear(FrameWindow(frames, content.reference, content.poses, content.settings))
        desk.check(delivery)
        answer, pictures = _without_pixels(cleared)
        return await desk.answer(answer, pictures, delivery.answer_by)

    return router


class HttpGlare(HttpAdapter):
    """`GlarePort` by a service."""

    async def clear(self, window: FrameWindow) -> ClearedFrame:
        """The reference frame of the window without sun glint, and the mask of what was refilled."""
        content = WindowContent(
            frames=tuple(frame.meta for frame in window.frames),
            reference=window.reference,
            poses=window.poses,
            settings=window.settings,
        )
        pictures = [Picture(frame.pixels, shape_of(frame.meta)) for frame in window.frames]

        def mask_shape() -> Shape:
            # Asked for only after the service took the window, so that it refuses an odd one in its own words.
            meta = window.frames[window.reference].meta
            return Shape(meta.height_px, meta.width_px, 1)

        def shapes_in(answer: ClearedContent) -> list[Shape]:
            frames = [] if answer.frame is None else [shape_of(answer.frame)]
            return frames + ([mask_shape()] if answer.mask else [])

        answer, views = await self._exchange(CLEAR, content, pictures, Parcel[ClearedContent], shapes_in)
        pixels = list(views)
        mask = pixels.pop() if answer.mask else memoryview(bytes(mask_shape().nbytes))
        return ClearedFrame(
            frame=window.frames[window.reference] if answer.frame is None else Frame(answer.frame, pixels[0]),
            glint_mask=mask,
            glint_fraction=answer.glint_fraction,
            outcome=answer.outcome,
        )


def _without_pixels(cleared: ClearedFrame) -> tuple[ClearedContent, list[Picture]]:
    meta = cleared.frame.meta
    changed = cleared.outcome is ClearOutcome.CLEARED
    mask = cleared.glint_mask.cast("B")
    masked = mask.tobytes() != bytes(mask.nbytes)
    pictures = [Picture(cleared.frame.pixels, shape_of(meta))] if changed else []
    if masked:
        pictures.append(Picture(mask, Shape(meta.height_px, meta.width_px, 1)))
    content = ClearedContent(
        frame=meta if changed else None,
        mask=masked,
        glint_fraction=cleared.glint_fraction,
        outcome=cleared.outcome,
    )
    return content, pictures
