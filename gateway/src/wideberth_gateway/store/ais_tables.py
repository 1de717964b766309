"""Which AIS files were given for which analysis, and how their times were to be read."""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

ais_files = sa.Table(
    "ais_files",
    metadata,
    sa.Column("analysis_id", sa.String(64), sa.ForeignKey("analyses.id"), primary_key=True),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("originals.sha256"), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("utc_offset_h", sa.Double, nullable=True),
    sa.Column("start_epoch_s", sa.Double, nullable=True),
    sa.Column("added_epoch_s", sa.Double, nullable=False),
)
