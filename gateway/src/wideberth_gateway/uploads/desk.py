"""Uploads of a gateway: created, appended to by one request at a time, made originals, cleared away."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, Conflict, TooLarge, Unavailable
from wideberth_contracts.phrases import phrase
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.analyses.receiving import clean_name
from wideberth_gateway.files import sync_folder
from wideberth_gateway.store import analyses as original_store
from wideberth_gateway.store import quotas
from wideberth_gateway.store import uploads as store
from wideberth_gateway.store.analyses import Original
from wideberth_gateway.store.organisations import ANYONE, Owned, Whose, inherit
from wideberth_gateway.store.uploads import Upload
from wideberth_gateway.uploads.behind import Behind, to_its_end
from wideberth_gateway.uploads.protocol import Checksum, file_name, wanted_sha256
from wideberth_gateway.uploads.protocol import metadata as metadata_of
from wideberth_gateway.uploads.quota import Quota
from wideberth_gateway.uploads.writing import Tail, open_tail, whole_sha256

SETTLE_BYTES = 16 << 20
"""Bytes between two syncs: what a kill of the server may cost at most."""

BATCH_BYTES = 2 << 20
TAKE_OVER_S = 10.0
"""How long a request waits for the one it takes over to let go of the file."""


class ChecksumMismatch(BadInput):
    """What arrived is not what was sent; tus answers 460."""

    code = "checksum-mismatch"
    title = "What arrived is not what was sent"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is let in.

    Attributes:
        spare_bytes: of the disk that must stay free.
        keep_s: an upload nobody goes on with is cleared after this.
    """

    max_bytes: int
    spare_bytes: int
    keep_s: float


@dataclass(slots=True)
class UploadDesk:
    """One a process. Requests of one upload take each other over; another process is kept off by the file's lock.

    Attributes:
        keep: told of every new original; it is in the store when this returns.
        quota: how much each person and organisation may bring.
    """

    engine: Engine
    folders: Folders
    limits: Limits
    keep: Callable[[str], None]
    quota: Quota
    _writing: dict[str, asyncio.Task[Any]] = field(default_factory=dict)
    _running: dict[str, tuple[int, Any]] = field(default_factory=dict)
    _finishing: dict[str, asyncio.Lock] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Partial files, on the disk of the originals, so that the last step is a rename."""
        return self.folders.root / "uploads"

    async def create(self, length: int, told: str, whose: Whose = ANYONE) -> Upload:
        """A new upload; complete at once where its file is here already.

        Raises:
            BadInput: no name, no bytes.
            TooLarge: above the limit, or above what this person may still bring.
            Unavailable: the disk has not the room.
        """
        known = metadata_of(told)
        name, wanted = clean_name(file_name(known)), wanted_sha256(known)
        if length == 0:
            raise BadInput("the file is empty", where=name, remedy="check the card: the recording may be broken")
        if length > self.limits.max_bytes:
            detail, remedy = (
                f"the file is above {self.limits.max_bytes} bytes",
                "raise WIDEBERTH_GATEWAY_MAX_BODY_BYTES",
            )
            raise TooLarge(detail, where=name, remedy=remedy)
        here = await self._here(wanted, length, whose)
        if not here:
            await asyncio.to_thread(self.quota.check, whose, length, name)
            await self._room_for(length, name)
        now = time.time()
        new = Upload(
            id=uuid4().hex,
            name=name,
            metadata=told,
            length_bytes=length,
            offset_bytes=length if here else 0,
            writer=None,
            wanted_sha256=wanted,
            sha256=wanted if here else None,
            actor=whose.name,
            created_epoch_s=now,
            expires_epoch_s=now + self.limits.keep_s,
        )
        if not here:
            await asyncio.to_thread(self._touch, new.id)
        await asyncio.to_thread(whose.brings, self.engine, Owned.UPLOAD, new.id)
        await asyncio.to_thread(store.create, self.engine, new)
        return new

    async def find(self, upload_id: str) -> Upload:
        """As it stands. Raises `NotFound`."""
        return await asyncio.to_thread(store.find, self.engine, upload_id)

    async def append(
        self, upload_id: str, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None
    ) -> Upload:
        """Go on at that offset. Whoever wrote before, and may hang on a dead line, is taken over.

        Raises:
            NotFound: no such upload.
            Conflict: it stands at another offset, or a newer request took over.
            ChecksumMismatch: the body, or the whole file at its end, is not what was sent.
            TooLarge: more came than was announced.
            Unavailable: the disk is full; what was acknowledged stays.
        """
        await self.find(upload_id)
        before = self._writing.pop(upload_id, None)
        if before is not None:
            before.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await asyncio.wait({before}, timeout=TAKE_OVER_S)
        upload = await self.find(upload_id)
        if offset != upload.offset_bytes:
            detail = f"the upload stands at {upload.offset_bytes}, not at {offset}"
            raise Conflict(detail, where=upload_id, remedy="ask for the offset (HEAD) and go on there")
        task = asyncio.create_task(self._append(upload, body, checksum))
        self._writing[upload_id] = task
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():  # this request itself ends
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task
                raise
            raise Conflict("a newer request goes on with this upload", where=upload_id) from None
        finally:
            if self._writing.get(upload_id) is task:
                del self._writing[upload_id]
        return await self.finished(upload_id)

    async def finished(self, upload_id: str) -> Upload:
        """As it stands; a complete one becomes its original first, also where a kill came in between.

        Raises:
            ChecksumMismatch: the whole file has not the hash it was said to have; the upload is ended.
        """
        upload = await self.find(upload_id)
        if not upload.complete or upload.sha256 is not None:
            return upload
        async with self._finishing.setdefault(upload_id, asyncio.Lock()):
            upload = await self.find(upload_id)
            if upload.sha256 is None:
                await asyncio.to_thread(self._finish, upload)
        self._finishing.pop(upload_id, None)
        return await self.find(upload_id)

    async def end(self, upload_id: str) -> None:
        """Forget it and its bytes; an original it became stays. Raises `NotFound`."""
        await self.find(upload_id)
        task = self._writing.pop(upload_id, None)
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
        await asyncio.to_thread(self._forget, upload_id)

    async def clear(self) -> int:
        """End what nobody went on with in time; how many."""
        old = await asyncio.to_thread(store.expired, self.engine)
        for upload_id in old:
            await asyncio.to_thread(self._forget, upload_id)
        return len(old)

    async def _append(self, upload: Upload, body: AsyncIterator[bytes], checksum: Checksum | None) -> None:
        writer = await asyncio.to_thread(store.take_over, self.engine, upload.id)
        at, digest = self._running.pop(upload.id, (-1, None))
        running = digest if at == upload.offset_bytes else None
        tail = await asyncio.to_thread(open_tail, self._path(upload.id), upload.offset_bytes, running)
        # What came in before a line broke is kept, unless it had to be checked as a whole.
        keep = checksum is None
        try:
            check = await self._take(upload, tail, body, writer, checksum)
            keep = checksum is None or check == checksum.digest
            if not keep:
                detail = "the body has another checksum"
                raise ChecksumMismatch(detail, where=upload.id, remedy="send these bytes again")
        finally:
            await to_its_end(self._keep, upload, tail, writer, keep)

    async def _take(
        self, upload: Upload, tail: Tail, body: AsyncIterator[bytes], writer: str, checksum: Checksum | None
    ) -> bytes:
        batch, held, received, behind = [], 0, tail.offset, Behind()
        check = checksum.begin() if checksum else None
        settled = upload.length_bytes if check is not None else tail.offset  # a body that is checked settles as a whole
        try:
            async for piece in body:
                if received - settled >= SETTLE_BYTES:
                    await behind.begin(self._journal, upload, tail, writer)
                    settled = received
                received, held = received + len(piece), held + len(piece)
                if received > upload.length_bytes:
                    raise TooLarge(f"more than the announced {upload.length_bytes} bytes came", where=upload.id)
                batch.append(piece)
                if check is not None:
                    check.update(piece)
                if held >= BATCH_BYTES:
                    await behind.begin(tail.write, batch)
                    batch, held = [], 0
        finally:
            # Also what came last before a line broke.
            await behind.wait()
            await to_its_end(tail.write, batch)
        return bytes(check.digest()) if check is not None else b""

    def _keep(self, upload: Upload, tail: Tail, writer: str, keep: bool) -> None:
        try:
            if not keep:
                tail.cut(upload.offset_bytes)
            self._journal(upload, tail, writer)
            if tail.running is not None:
                self._running[upload.id] = (tail.offset, tail.running)
        finally:
            tail.close()

    def _journal(self, upload: Upload, tail: Tail, writer: str) -> int:
        offset = tail.settle()
        store.move(self.engine, upload.id, writer, offset, time.time() + self.limits.keep_s)
        return offset

    def _finish(self, upload: Upload) -> None:
        path = self._path(upload.id)
        at, digest = self._running.pop(upload.id, (-1, None))
        if not path.exists() and upload.wanted_sha256 and self.folders.original(upload.wanted_sha256).exists():
            sha256 = upload.wanted_sha256  # killed between the rename and the note of it
        else:
            sha256 = digest.hexdigest() if digest is not None and at == upload.length_bytes else whole_sha256(path)
        if upload.wanted_sha256 is not None and sha256 != upload.wanted_sha256:
            self._forget(upload.id)
            remedy = "send the file again from the start"
            raise ChecksumMismatch(f"the whole file has the SHA-256 {sha256}", where=upload.name, remedy=remedy)
        target = self.folders.original(sha256)
        if path.exists():
            path.chmod(0o444)
            if target.exists():
                path.unlink()
            else:
                path.rename(target)
                sync_folder(target.parent)
        self.keep(sha256)
        inherit(self.engine, (Owned.UPLOAD, upload.id), (Owned.ORIGINAL, sha256), upload.actor)
        original_store.keep_original(self.engine, Original(sha256, upload.name, upload.length_bytes))
        quotas.bring(self.engine, upload.actor, sha256)
        store.finish(self.engine, upload.id, sha256)

    async def _here(self, sha256: str | None, length: int, whose: Whose) -> bool:
        """Only what they see already: a hash alone does not show that somebody has the file."""
        if sha256 is None:
            return False
        found = await asyncio.to_thread(original_store.find_original, self.engine, sha256)
        if found is None or found.size_bytes != length:
            return False
        if not await asyncio.to_thread(whose.sees, self.engine, Owned.ORIGINAL, sha256):
            return False
        await asyncio.to_thread(whose.brings, self.engine, Owned.ORIGINAL, sha256)
        return True

    async def _room_for(self, length: int, name: str) -> None:
        free = (await asyncio.to_thread(shutil.disk_usage, self.folders.root)).free
        promised = await asyncio.to_thread(store.open_bytes, self.engine)
        if length + promised + self.limits.spare_bytes > free:
            detail = (
                f"the disk has {max(0, free - promised - self.limits.spare_bytes)} bytes for it, {length} are needed"
            )
            remedy, said = "free some space on the server", phrase("problem.disk_full")
            raise Unavailable(detail, where=name, remedy=remedy, retry_after_s=300, said=said)

    def _touch(self, upload_id: str) -> None:
        self.folder.mkdir(exist_ok=True)
        self._path(upload_id).touch(exist_ok=False)
        sync_folder(self.folder)

    def _forget(self, upload_id: str) -> None:
        store.end(self.engine, upload_id)
        self._running.pop(upload_id, None)
        self._path(upload_id).unlink(missing_ok=True)

    def _path(self, upload_id: str) -> Path:
        return self.folder / f"{upload_id}.partial"
