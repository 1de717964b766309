"""Who brought which files, and how much of each person's share of the disk that is."""

import time

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.keeping_tables import files
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
    key = sa.literal("originals/").concat(originals.c.sha256)
    gone = sa.exists().where(files.c.key == key, files.c.gone_epoch_s.is_not(None))
    kept = (
        sa.select(sa.func.coalesce(sa.func.sum(originals.c.size_bytes), 0))
        .select_from(brought.join(originals, originals.c.sha256 == brought.c.sha256))
        .where(brought.c.actor == actor, sa.not_(gone))
    )
    coming = sa.select(sa.func.coalesce(sa.func.sum(uploads.c.length_bytes), 0)).where(
        uploads.c.actor == actor, uploads.c.sha256.is_(None)
    )
    with reading(engine) as connection:
        return int(connection.scalar(kept) or 0) + int(connection.scalar(coming) or 0)
