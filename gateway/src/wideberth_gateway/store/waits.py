"""What an analysis waits for: a service, the store, the database, room on the disk. Gone once it goes on."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.trial_tables import waits


@dataclass(frozen=True, slots=True)
class Wait:
    """Since when, s since 1970, and for what."""

    reason: str
    since_epoch_s: float


def begin(engine: Engine, analysis_id: str, reason: str) -> None:
    """It waits; one that waited already does so since then."""
    with writing(engine) as connection:
        same = waits.c.analysis_id == analysis_id
        if connection.scalar(sa.select(waits.c.analysis_id).where(same)) is not None:
            connection.execute(sa.update(waits).where(same).values(reason=reason))
            return
        connection.execute(sa.insert(waits).values(analysis_id=analysis_id, reason=reason, since_epoch_s=time.time()))


def end(engine: Engine, analysis_id: str) -> None:
    """It goes on."""
    with writing(engine) as connection:
        connection.execute(sa.delete(waits).where(waits.c.analysis_id == analysis_id))


def waiting(engine: Engine, ids: tuple[str, ...]) -> Mapping[str, Wait]:
    """What these analyses wait for; those that do not are left out."""
    with reading(engine) as connection:
        rows = connection.execute(sa.select(waits).where(waits.c.analysis_id.in_(ids)))
        return {row.analysis_id: Wait(row.reason, row.since_epoch_s) for row in rows}
