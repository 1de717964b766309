"""How things stand, in numbers, for whoever watches."""

import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.store.alerts import is_latest
from wideberth_gateway.store.analyses import State
from wideberth_gateway.store.engine import reading
from wideberth_gateway.store.keeping_tables import files
from wideberth_gateway.store.tables import alerts, analyses, audit, deliveries, segments, stamps


@dataclass(frozen=True, slots=True)
class Standing:
    """One look at the database.

    Attributes:
        queue_age_s: how long the oldest queued analysis has waited; 0 where none waits.
        webhook_lag_s: how long the oldest delivery that is due has waited; 0 where none is.
        segments_retried: begun more than once.
        kept_bytes: by what the key begins with: originals, analyses, evidence.
        audit_entries: in the trail.
    """

    analyses: dict[str, int]
    grades: dict[str, int]
    queue_age_s: float
    segments_retried: int
    alerts: dict[str, int]
    deliveries: dict[str, int]
    webhook_lag_s: float
    stamps_waiting: int
    kept_bytes: dict[str, int]
    audit_entries: int


def look(engine: Engine, now_epoch_s: float | None = None) -> Standing:
    """How things stand now, in one transaction."""
    now = time.time() if now_epoch_s is None else now_epoch_s
    oldest = sa.select(sa.func.min(analyses.c.created_epoch_s)).where(analyses.c.state == State.QUEUED.value)
    due = sa.select(sa.func.min(deliveries.c.due_epoch_s)).where(deliveries.c.state == "waiting")
    again = sa.select(sa.func.count()).select_from(segments).where(segments.c.starts > 1)
    unstamped = sa.select(sa.func.count()).select_from(stamps).where(stamps.c.answer.is_(None))
    kind = sa.func.substr(files.c.key, 1, 9)
    sizes = sa.select(kind, sa.func.sum(files.c.size_bytes)).where(files.c.gone_epoch_s.is_(None)).group_by(kind)
    with reading(engine) as connection:

        def counted(column: "sa.Column[str]", *only: sa.ColumnElement[bool]) -> dict[str, int]:
            query = sa.select(column, sa.func.count()).where(*only).group_by(column)
            return {row[0]: row[1] for row in connection.execute(query)}

        return Standing(
            analyses=counted(analyses.c.state),
            grades=counted(analyses.c.grade),
            queue_age_s=_since(connection.scalar(oldest), now),
            segments_retried=connection.scalar(again) or 0,
            alerts=counted(alerts.c.status, is_latest()),
            deliveries=counted(deliveries.c.state),
            webhook_lag_s=_since(connection.scalar(due), now),
            stamps_waiting=connection.scalar(unstamped) or 0,
            kept_bytes={row[0].rstrip("/"): int(row[1]) for row in connection.execute(sizes)},
            audit_entries=connection.scalar(sa.select(sa.func.coalesce(sa.func.max(audit.c.sequence), 0))) or 0,
        )


def _since(moment_epoch_s: float | None, now: float) -> float:
    return 0.0 if moment_epoch_s is None else max(0.0, now - moment_epoch_s)
