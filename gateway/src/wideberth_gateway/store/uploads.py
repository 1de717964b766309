"""Uploads in the database: created, moved on, finished, ended."""

import time
from dataclasses import dataclass
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import Conflict, NotFound
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.upload_tables import uploads


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload as the journal knows it.

    Attributes:
        metadata: as the client sent it, and gets it back.
        offset_bytes: so much is on disk for good.
        writer: the request that may move the offset; a newer one takes its place.
        wanted_sha256: what the client said the file has.
        sha256: of the original it became; None until then.
    """

    id: str
    name: str
    metadata: str
    length_bytes: int
    offset_bytes: int
    writer: str | None
    wanted_sha256: str | None
    sha256: str | None
    actor: str
    created_epoch_s: float
    expires_epoch_s: float

    @property
    def complete(self) -> bool:
        """True where every byte is on disk."""
        return self.offset_bytes == self.length_bytes


def create(engine: Engine, new: Upload) -> None:
    """Enter it."""
    with writing(engine) as connection:
        connection.execute(sa.insert(uploads).values({name: getattr(new, name) for name in Upload.__slots__}))


def find(engine: Engine, upload_id: str) -> Upload:
    """The upload of that id.

    Raises:
        NotFound: there is none, or no more.
    """
    with reading(engine) as connection:
        row = connection.execute(sa.select(uploads).where(uploads.c.id == upload_id)).mappings().first()
    if row is None:
        raise NotFound("no upload of that id", where=upload_id, remedy="begin it again: POST /v1/uploads")
    return Upload(**row)


def open_bytes(engine: Engine) -> int:
    """Bytes still to come, over all uploads that are under way."""
    missing = sa.func.sum(uploads.c.length_bytes - uploads.c.offset_bytes)
    with reading(engine) as connection:
        return int(connection.scalar(sa.select(missing).where(uploads.c.sha256.is_(None))) or 0)


def take_over(engine: Engine, upload_id: str) -> str:
    """From now on this writer, and no other, may move the offset."""
    writer = uuid4().hex
    with writing(engine) as connection:
        connection.execute(sa.update(uploads).where(uploads.c.id == upload_id).values(writer=writer))
    return writer


def move(engine: Engine, upload_id: str, writer: str, offset_bytes: int, expires_epoch_s: float) -> None:
    """So much is on disk.

    Raises:
        Conflict: another request has taken the upload over, or it was ended.
    """
    mine = (uploads.c.id == upload_id) & (uploads.c.writer == writer)
    values = {"offset_bytes": offset_bytes, "expires_epoch_s": expires_epoch_s}
    with writing(engine) as connection:
        if connection.execute(sa.update(uploads).where(mine).values(values)).rowcount == 0:
            raise Conflict("another request goes on with this upload", where=upload_id, remedy="ask for the offset")


def finish(engine: Engine, upload_id: str, sha256: str) -> None:
    """The upload is that original now."""
    with writing(engine) as connection:
        connection.execute(sa.update(uploads).where(uploads.c.id == upload_id).values(sha256=sha256, writer=None))
        record(connection, actor="upload", action="upload.finished", subject=sha256, details={"upload": upload_id})


def end(engine: Engine, upload_id: str) -> bool:
    """Forget it; False where it was not there."""
    with writing(engine) as connection:
        return connection.execute(sa.delete(uploads).where(uploads.c.id == upload_id)).rowcount > 0


def expired(engine: Engine) -> tuple[str, ...]:
    """Ids of uploads whose time is over."""
    query = sa.select(uploads.c.id).where(uploads.c.expires_epoch_s < time.time())
    with reading(engine) as connection:
        return tuple(connection.scalars(query))
