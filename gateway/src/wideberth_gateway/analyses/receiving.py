"""Files coming in: hashed while they stream, on disk before they are acknowledged, named by their hash, read-only."""

import asyncio
import errno
import hashlib
import os
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from wideberth_contracts.errors import BadInput, TooLarge, Unavailable
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.files import sync_folder
from wideberth_gateway.store.analyses import Original

BATCH_BYTES = 4 << 20
"""Written and hashed in one go, in a thread: large enough that the hop to the thread costs nothing."""

NAME_LENGTH = 200
FULL = (errno.ENOSPC, errno.EDQUOT)


async def receive(body: AsyncIterator[bytes], name: str, folders: Folders, max_bytes: int) -> Original:
    """The original is whole, on disk and has its final name.

    Args:
        body: the file's bytes as they come.
        name: given by the sender; only its last part is kept, as a label.
        folders: where to.
        max_bytes: more is refused while it streams in.

    Raises:
        BadInput: nothing came, or the name is none.
        TooLarge: more than `max_bytes`.
        Unavailable: the disk is full.
    """
    label = clean_name(name)
    partial = folders.originals / f".partial-{uuid4().hex}"
    try:
        with partial.open("xb") as file:
            sha256, size_bytes = await _write(body, file, max_bytes)
        await asyncio.to_thread(_settle, partial, folders.original(sha256))
    except OSError as error:
        if error.errno in FULL:
            raise Unavailable("the disk is full", where=label, remedy="free some space and send it again") from error
        raise
    finally:
        partial.unlink(missing_ok=True)
    return Original(sha256, label, size_bytes)


def clean_name(name: str) -> str:
    """The last part of a name, without what could mislead a person or a file system.

    Raises:
        BadInput: nothing is left.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip().lstrip(".")
    if not kept:
        raise BadInput("the file has no name", where="query.name", remedy="give ?name=clip.mp4")
    stem, dot, ending = kept.rpartition(".")
    short = stem[: NAME_LENGTH - len(ending) - 1] if dot else ""
    return f"{short}.{ending}" if dot and short and len(ending) < 20 else kept[:NAME_LENGTH]


async def _write(body: AsyncIterator[bytes], file: BinaryIO, max_bytes: int) -> tuple[str, int]:
    digest, size_bytes, batch = hashlib.sha256(), 0, bytearray()

    def flush() -> None:
        digest.update(batch)
        file.write(batch)
        batch.clear()

    async for piece in body:
        size_bytes += len(piece)
        if size_bytes > max_bytes:
            raise TooLarge(f"the file is above {max_bytes} bytes", remedy="raise WIDEBERTH_GATEWAY_MAX_BODY_BYTES")
        batch += piece
        if len(batch) >= BATCH_BYTES:
            await asyncio.to_thread(flush)
    if not size_bytes:
        raise BadInput("the file is empty", where="body", remedy="send its bytes as the body, as they are")
    await asyncio.to_thread(flush)
    await asyncio.to_thread(_sync, file)
    return digest.hexdigest(), size_bytes


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _settle(partial: Path, target: Path) -> None:
    """Also over an original of that name: the bytes are the same, or the ones there have gone bad."""
    partial.chmod(0o444)
    partial.rename(target)
    sync_folder(target.parent)
