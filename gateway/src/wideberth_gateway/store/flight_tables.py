"""Tables of flights: recordings as people brought them, and their parts."""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

flights = sa.Table(
    "flights",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("operator", sa.Text, nullable=False),
    sa.Column("drone", sa.Text, nullable=False),
    sa.Column("permit", sa.Text, nullable=False),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("created_epoch_s", sa.Double, nullable=False),
    sa.Index("ix_flights_created", "created_epoch_s", "id"),
)

flight_parts = sa.Table(
    "flight_parts",
    metadata,
    sa.Column("flight_id", sa.String(64), sa.ForeignKey("flights.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("video_sha256", sa.String(64), nullable=False),
    sa.Column("video_name", sa.Text, nullable=False),
    sa.Column("duration_s", sa.Double, nullable=False),
    sa.Column("telemetry_sha256", sa.String(64), nullable=True),
    sa.Column("telemetry_name", sa.Text, nullable=True),
    sa.Column("look_json", sa.Text, nullable=True),
)
