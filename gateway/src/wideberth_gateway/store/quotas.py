"""Who brought which files, and how much of each person's and each organisation's share of the disk that is."""

import time

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.keeping_tables import files
from wideberth_gateway.store.organisations import Owned, of_organisations
from wideberth_gateway.store.registered_tables import brought
from wideberth_gateway.store.tables import originals
from wideberth_gateway.store.upload_tables import uploads


def bring(engine: Engine, actor: str, sha256: str) -> None:
    """That person brought this original; once is enough."""
    with writing(engine) as connection:
        same = sa.and_(brought.c.actor == actor, brought.c.sha256 == sha256)
        if connection.scalar(sa.select(brought.c.sha256).where(same)) is None:
            connection.execute(sa.insert(brought).values(actor=actor, sha256=sha256, brought_epoch_s=time.time()))


def used_bytes(engine: Engine, actor: str) -> int:
    """Bytes of what that person brought and is still kept, and of what they are about to send."""
    kept = (
        sa.select(sa.func.coalesce(sa.func.sum(originals.c.size_bytes), 0))
        .select_from(brought.join(originals, originals.c.sha256 == brought.c.sha256))
        .where(brought.c.actor == actor, sa.not_(_gone()))
    )
    coming = sa.select(sa.func.coalesce(sa.func.sum(uploads.c.length_bytes), 0)).where(
        uploads.c.actor == actor, uploads.c.sha256.is_(None)
    )
    return _sum(engine, kept, coming)


def used_by_organisation(engine: Engine, organisation_id: str) -> int:
    """The same of an organisation: what is of two counts for both."""
    ids = frozenset({organisation_id})
    kept = sa.select(sa.func.coalesce(sa.func.sum(originals.c.size_bytes), 0)).where(
        of_organisations(Owned.ORIGINAL, originals.c.sha256, ids), sa.not_(_gone())
    )
    coming = sa.select(sa.func.coalesce(sa.func.sum(uploads.c.length_bytes), 0)).where(
        of_organisations(Owned.UPLOAD, uploads.c.id, ids), uploads.c.sha256.is_(None)
    )
    return _sum(engine, kept, coming)


def _gone() -> sa.ColumnElement[bool]:
    key = sa.literal("originals/").concat(originals.c.sha256)
    return sa.exists().where(files.c.key == key, files.c.gone_epoch_s.is_not(None))


def _sum(engine: Engine, *queries: "sa.Select[tuple[int]]") -> int:
    with reading(engine) as connection:
        return sum(int(connection.scalar(query) or 0) for query in queries)
