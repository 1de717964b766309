"""Tables of sea areas: what lies within which, and who brought what themselves.

`whereabouts` and `insides` are derived: from alerts, from the looks of flights and from the plans of analyses. They are
made anew where they are missing.
"""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

sea_areas = sa.Table(
    "sea_areas",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("corners_json", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
    sa.Column("removed_epoch_s", sa.Double, nullable=True),
)

whereabouts = sa.Table(
    "whereabouts",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("points_json", sa.Text, nullable=False),
)

insides = sa.Table(
    "insides",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("area_id", sa.String(32), primary_key=True),
    sa.Index("ix_insides_area_id", "area_id", "kind", "subject"),
)

bringers = sa.Table(
    "bringers",
    metadata,
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
)
