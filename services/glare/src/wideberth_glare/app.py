"""The verb *clear* over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
from fastapi import FastAPI

from wideberth_contracts.errors import InternalFault
from wideberth_contracts.frames import ClearOutcome
from wideberth_glare import SERVICE, VERSION
from wideberth_glare.local import LocalGlare
from wideberth_glare.self_test import glittering_window
from wideberth_glare.settings import GlareSettings
from wideberth_media.codec import CvPixelCodec
from wideberth_media.pixels import as_array, mask_array
from wideberth_servicekit.ports import glare
from wideberth_servicekit.service import Service, create_app


def create_glare_app(settings: GlareSettings) -> FastAPI:
    """The service."""
    service = Service(SERVICE, VERSION, _opening, _self_test, glare.routes(), codec=CvPixelCodec())
    return create_app(service, settings)


@asynccontextmanager
async def _opening() -> AsyncIterator[LocalGlare]:
    yield LocalGlare()


async def _self_test(adapter: LocalGlare) -> None:
    """Clear a small glittering sea with a white boat: the glitter must go and the boat must stay."""
    window, boat = glittering_window()
    before = as_array(window.frames[window.reference])
    cleared = await adapter.clear(window)
    after = as_array(cleared.frame)
    mask = mask_array(cleared.glint_mask, *before.shape[:2])
    left = int((after[~boat] > 200).all(axis=1).sum()) / int((before[~boat] > 200).all(axis=1).sum())
    lost = float(np.mean(mask[boat] > 0))
    if cleared.outcome is not ClearOutcome.CLEARED or left > 0.1 or lost > 0.02:
        raise InternalFault(
            f"self-test: {cleared.outcome}, {left:.0%} of the glitter left, {lost:.0%} of the boat lost",
            where="wideberth_glare",
        )
