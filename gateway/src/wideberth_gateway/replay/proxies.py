"""The making of copies, playable or blurred: one at a time, beside the analyses and with less claim to the CPU."""

import asyncio
import logging
import os
import shutil
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from wideberth_contracts.errors import NotFound, WideberthError
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.keeping.stores import sha256_of
from wideberth_gateway.replay.blurring import hulls_of
from wideberth_gateway.store import audit
from wideberth_gateway.store import proxies as store
from wideberth_gateway.store.proxies import Proxy, ProxyState
from wideberth_pipeline.blurred import keep_blurred
from wideberth_pipeline.playable import PROXY_FILE, Stopped, keep_playable

LOOK_EACH_S = 2.0
BEAT_EACH_S = store.LEASE_S / 4
NICENESS = 10

_log = logging.getLogger("wideberth.gateway")


@asynccontextmanager
async def making_proxies(shelf: Shelf, worker: str) -> AsyncIterator[None]:
    """Makes what is wanted until the context ends; one that is under way then is left for whoever comes next."""
    stop = threading.Event()
    with ThreadPoolExecutor(1, "wideberth-proxy", initializer=_be_nice) as pool:
        task = asyncio.create_task(_keep_making(shelf, worker, pool, stop))
        try:
            yield
        finally:
            stop.set()
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _keep_making(shelf: Shelf, worker: str, pool: ThreadPoolExecutor, stop: threading.Event) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            wanted = await asyncio.to_thread(store.claim, shelf.engine, worker)
            if wanted is not None:
                work = loop.run_in_executor(pool, _make, shelf, wanted, stop)
                await _while_beating(shelf, wanted, worker, work)
                continue
        except SQLAlchemyError as error:
            _log.warning("no copies are made while the database is away: %s", error)
        await asyncio.sleep(LOOK_EACH_S)


async def _while_beating(shelf: Shelf, wanted: Proxy, worker: str, work: "asyncio.Future[None]") -> None:
    while not work.done():
        await asyncio.wait([work], timeout=BEAT_EACH_S)
        if not work.done():
            await asyncio.to_thread(store.beat, shelf.engine, wanted, worker)
    await work


def _make(shelf: Shelf, wanted: Proxy, stop: threading.Event) -> None:
    try:
        made = _kept(shelf, wanted, stop) if wanted.form == store.PLAYABLE else _blurred(shelf, wanted, stop)
    except Stopped:
        store.end(shelf.engine, wanted, ProxyState.WANTED)
    except (WideberthError, OSError) as error:
        _log.warning("no %s copy of %s: %s", wanted.form, wanted.video_sha256, error)
        store.end(shelf.engine, wanted, ProxyState.FAILED, str(error))
    else:
        store.end(shelf.engine, wanted, ProxyState.MADE if made else ProxyState.NOT_NEEDED)


def _kept(shelf: Shelf, wanted: Proxy, stop: threading.Event) -> bool:
    """True where there is a copy now; False where none is needed."""
    with shelf.analysis(wanted.analysis_id, lambda name: name in ("plan.json", PROXY_FILE)) as folder:
        _like_another(shelf, wanted)
        with shelf.original(wanted.video_sha256) as video:
            if not video.is_file():
                raise NotFound("the video is not kept any more", where=wanted.video_sha256)
            made = keep_playable(folder, video, stop)
    if made is not None:
        shelf.keep_analysis(wanted.analysis_id)
    return made is not None


def _blurred(shelf: Shelf, wanted: Proxy, stop: threading.Event) -> bool:
    """The copy and the note of what is covered in it are there; told in the audit trail."""
    hulls = hulls_of(wanted.form)
    with shelf.analysis(wanted.analysis_id) as folder, shelf.original(wanted.video_sha256) as video:
        if not video.is_file():
            raise NotFound("the video is not kept any more", where=wanted.video_sha256)
        made = sha256_of(keep_blurred(folder, video, hulls, stop))
    shelf.keep_analysis(wanted.analysis_id)
    told: Details = {"hulls": hulls.value, "sha256": made, "video_sha256": wanted.video_sha256}
    audit.append(shelf.engine, actor="gateway", action="video.blurred", subject=wanted.analysis_id, details=told)
    return True


def _like_another(shelf: Shelf, wanted: Proxy) -> None:
    """Another analysis of the same video has its copy: that one is taken."""
    other = store.made_of(shelf.engine, wanted.video_sha256)
    target = shelf.folders.analysis(wanted.analysis_id) / PROXY_FILE
    if other is None or target.exists():
        return
    with shelf.analysis(other, lambda name: name == PROXY_FILE) as folder:
        if (folder / PROXY_FILE).is_file():
            partial = target.with_name(f".{PROXY_FILE}.copy.part")
            shutil.copyfile(folder / PROXY_FILE, partial)
            partial.replace(target)


def _be_nice() -> None:
    """Threads that FFmpeg starts from this one inherit it (Linux)."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
