"""Tables of encounters: what the judgements of all analyses say, flat, so that a season can be counted.

Derived from the files of the analyses, and made anew from them where a row is missing.
"""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

encounter_sets = sa.Table(
    "encounter_sets",
    metadata,
    sa.Column("analysis_id", sa.String(64), primary_key=True),
    sa.Column("read_epoch_s", sa.Double, nullable=False),
    sa.Column("problem", sa.Text, nullable=True),
)

encounters = sa.Table(
    "encounters",
    metadata,
    sa.Column("analysis_id", sa.String(64), primary_key=True),
    sa.Column("encounter_id", sa.Text, primary_key=True),
    sa.Column("craft_track", sa.Text, nullable=False),
    sa.Column("craft_kind", sa.String(16), nullable=False),
    sa.Column("vessel", sa.Text, nullable=True),
    sa.Column("pack_id", sa.Text, nullable=False),
    sa.Column("starts_epoch_s", sa.Double, nullable=True),
    sa.Column("closest_t_s", sa.Double, nullable=False),
    sa.Column("closest_m", sa.Double, nullable=False),
    sa.Column("low_95_m", sa.Double, nullable=False),
    sa.Column("high_95_m", sa.Double, nullable=False),
    sa.Column("latitude_deg", sa.Double, nullable=True),
    sa.Column("longitude_deg", sa.Double, nullable=True),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("rules_json", sa.Text, nullable=False),
    sa.Index("ix_encounters_starts", "starts_epoch_s"),
)
