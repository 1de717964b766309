"""Table of executors: processes that work on jobs, and until when each is believed to live."""

import sqlalchemy as sa

from wideberth_gateway.store.tables import metadata

executors = sa.Table(
    "executors",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("token", sa.BigInteger, nullable=False),
    sa.Column("until_epoch_s", sa.Double, nullable=False),
    sa.Column("handed_over", sa.Boolean, nullable=False),
)
