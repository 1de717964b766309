"""What persons corrected: appended with its entry of the audit trail, never changed. Triggers hold that."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.engine import Engine

from wideberth_contracts.corrections import Correction, CorrectionAsked, CorrectionBody, TakenBack
from wideberth_contracts.errors import NotFound
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing
from wideberth_gateway.store.organisations import Owned, Sight, seen
from wideberth_gateway.store.replay_tables import corrections

_BODY: TypeAdapter[CorrectionBody] = TypeAdapter(CorrectionBody)


def append(engine: Engine, analysis_id: str, asked: CorrectionAsked, actor: str) -> Correction:
    """A correction; durable when this returns.

    Raises:
        NotFound: it takes back one that this analysis does not have.
    """
    made = Correction(
        id=uuid4().hex, analysis_id=analysis_id, at=datetime.now(UTC), actor=actor, why=asked.why, body=asked.body
    )
    with writing(engine) as connection:
        if isinstance(made.body, TakenBack):
            same = sa.and_(corrections.c.analysis_id == analysis_id, corrections.c.id == made.body.correction)
            if connection.scalar(sa.select(corrections.c.id).where(same)) is None:
                raise NotFound("no correction of that id", where=made.body.correction)
        values = {
            "id": made.id,
            "analysis_id": analysis_id,
            "at_epoch_s": made.at.timestamp(),
            "actor": actor,
            "why": made.why,
            "body_json": made.body.model_dump_json(),
        }
        connection.execute(sa.insert(corrections).values(values))
        told: Details = {"correction": made.id, "type": made.body.type}
        record(connection, actor=actor, action="correction.made", subject=analysis_id, details=told)
    return made


def of_analysis(engine: Engine, analysis_id: str) -> tuple[Correction, ...]:
    """All corrections of an analysis, oldest first, also those taken back."""
    query = sa.select(corrections).where(corrections.c.analysis_id == analysis_id).order_by(corrections.c.sequence)
    with reading(engine) as connection:
        return tuple(_correction(row) for row in connection.execute(query))


def everything(engine: Engine, sight: Sight = None) -> tuple[Correction, ...]:
    """All corrections that somebody of that sight sees, oldest first."""
    theirs = seen(Owned.ANALYSIS, corrections.c.analysis_id, sight)
    with reading(engine) as connection:
        rows = connection.execute(sa.select(corrections).where(theirs).order_by(corrections.c.sequence))
        return tuple(_correction(row) for row in rows)


def _correction(row: "sa.Row[tuple[object, ...]]") -> Correction:
    return Correction(
        id=row.id,
        analysis_id=row.analysis_id,
        at=datetime.fromtimestamp(row.at_epoch_s, UTC),
        actor=row.actor,
        why=row.why,
        body=_BODY.validate_python(json.loads(row.body_json)),
    )
