"""AIS files of analyses in the database. The files themselves lie among the originals."""

import time
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.store.ais_tables import ais_files
from wideberth_gateway.store.audit import record
from wideberth_gateway.store.engine import reading, writing


@dataclass(frozen=True, slots=True)
class AisFile:
    """One file.

    Attributes:
        utc_offset_h: of its times without a zone; start_epoch_s: when a recording without times began.
    """

    sha256: str
    name: str
    utc_offset_h: float | None = None
    start_epoch_s: float | None = None


def add_file(engine: Engine, analysis_id: str, file: AisFile, actor: str) -> None:
    """The file counts for the analysis from now on; given again, it is read as told last."""
    values = {"utc_offset_h": file.utc_offset_h, "start_epoch_s": file.start_epoch_s}
    of_it = sa.and_(ais_files.c.analysis_id == analysis_id, ais_files.c.sha256 == file.sha256)
    with writing(engine) as connection:
        known = connection.execute(sa.update(ais_files).where(of_it).values(name=file.name, **values))
        if not known.rowcount:
            key = {"analysis_id": analysis_id, "sha256": file.sha256}
            row = {**key, "name": file.name, **values, "added_epoch_s": time.time()}
            connection.execute(sa.insert(ais_files).values(row))
        told: Details = {"sha256": file.sha256, "name": file.name}
        record(connection, actor=actor, action="ais.added", subject=analysis_id, details=told)


def files_of(engine: Engine, analysis_id: str) -> tuple[AisFile, ...]:
    """All files of an analysis, in the order in which they were first given."""
    query = sa.select(ais_files).where(ais_files.c.analysis_id == analysis_id)
    with reading(engine) as connection:
        rows = connection.execute(query.order_by(ais_files.c.added_epoch_s, ais_files.c.sha256))
        return tuple(AisFile(row.sha256, row.name, row.utc_offset_h, row.start_epoch_s) for row in rows)
