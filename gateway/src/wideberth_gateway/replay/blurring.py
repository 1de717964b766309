"""For whom recordings are blurred, and what they get instead."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from fastapi import Request
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import Conflict, NotAllowed
from wideberth_contracts.phrases import phrase
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.analyses import Analysis, Original, State, analyses_of
from wideberth_gateway.store.flights import flights_with
from wideberth_gateway.store.proxies import Proxy, ProxyState, want
from wideberth_pipeline.blurred import NOT_YET, blurred_name, note_name
from wideberth_pipeline.blurring import Hulls

FORM = "blurred-"
PICTURES = frozenset({".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".ts", ".jpg", ".jpeg", ".png", ".webp", ".zip"})
"""Results of which a footage may be part."""
DRAWN = frozenset({"map.png", "separation.png"})
"""Pictures that were drawn, not filmed."""
TEXTS = frozenset({".srt", ".csv", ".txt", ".log", ".json", ".xmp", ".gpx", ".klv", ".bin", ".tlog"})
"""Originals in which nothing is to be seen."""


def is_blurred(request: Request) -> bool:
    """Whether recordings are blurred for whoever asks: all roles by which they may are of the setting `blur_for`."""
    return bool(getattr(request.state, "blurred", False))


def hulls(request: Request) -> Hulls:
    """How much of a vessel is covered."""
    settings: GatewaySettings = request.app.state.settings
    return settings.blur_hulls


def form_of(hulls: Hulls) -> str:
    """Of the copy, as the table of copies has it."""
    return f"{FORM}{hulls.value}"


def hulls_of(form: str) -> Hulls:
    """What `form_of` wrote down."""
    return Hulls(form.removeprefix(FORM))


def hidden_result(name: str, hulls: Hulls) -> bool:
    """Whether a result file may show what is blurred."""
    if name in DRAWN or name in (blurred_name(hulls), note_name(hulls)):
        return False
    return Path(name).suffix.lower() in PICTURES


def refuse_footage(request: Request, name: str) -> None:
    """Raises `NotAllowed` where it is blurred for whoever asks."""
    if is_blurred(request):
        remedy = "play it in the replay, where it is blurred, or ask an administrator"
        detail = "recordings are handed out blurred to your role, and this file is not"
        raise NotAllowed(detail, where=name, remedy=remedy, said=phrase("problem.blurred"))


def shows(engine: Engine, original: Original) -> bool:
    """Whether something may be seen in an original: anything but a text that is nobody's video."""
    if Path(original.name).suffix.lower() not in TEXTS:
        return True
    return bool(analyses_of(engine, (original.sha256,))) or bool(flights_with(engine, original.sha256))


def shown(request: Request, names: Iterable[str]) -> tuple[str, ...]:
    """Of names of results, those that whoever asks gets."""
    blurred, how = is_blurred(request), hulls(request)
    return tuple(name for name in names if not blurred or not hidden_result(name, how))


async def blurred_copy(request: Request, found: Analysis) -> str:
    """Name of the blurred copy in the folder of the analysis; it is made from now on where there is none.

    Raises:
        Conflict: it is not made yet, and why.
    """
    how = hulls(request)
    state = await asyncio.to_thread(wanted, request.app.state.engine, found, how)
    if state is not None and state.state is ProxyState.MADE:
        return blurred_name(how)
    if state is None:
        why, remedy = "the analysis is not done, so it is not known what to blur", NOT_YET
    elif state.state is ProxyState.FAILED:
        why, remedy = f"the blurred copy could not be made: {state.problem}", "ask an administrator"
    else:
        why, remedy = "the blurred copy is being made", "ask again in a while"
    raise Conflict(why, where=found.id, remedy=remedy, said=phrase("problem.not_blurred_yet"))


def wanted(engine: Engine, found: Analysis, hulls: Hulls) -> Proxy | None:
    """What is known of the copy; None while the analysis is not done."""
    return want(engine, found.id, found.video_sha256, form_of(hulls)) if found.state is State.DONE else None
