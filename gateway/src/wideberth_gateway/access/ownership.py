"""Whether what a path names is for whoever asks. What is not is answered as if it were not there."""

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from wideberth_contracts.errors import NotFound
from wideberth_gateway.store.engine import reading
from wideberth_gateway.store.organisations import Owned, Sight, alert_seen, is_seen
from wideberth_gateway.store.tables import alerts

OWNED = {
    "analysis_id": Owned.ANALYSIS,
    "other_id": Owned.ANALYSIS,
    "flight_id": Owned.FLIGHT,
    "sha256": Owned.ORIGINAL,
    "upload_id": Owned.UPLOAD,
}
"""Parameters of paths that name a row of somebody."""
ALERT = "alert_id"
BAGS = "/v1/evidence/{name}"
BAG = re.compile(r"^wideberth-.+-([0-9a-f]{12})-v\d+$")
"""A bag is named after its alert."""
ID_CHARACTERS = 12


def check(engine: Engine, template: str, parameters: Mapping[str, Any], sight: Sight) -> None:
    """Raises `NotFound` where a path names what somebody of that sight does not see. Reads the database."""
    if sight is None:
        return
    for name, value in parameters.items():
        if name in OWNED and not is_seen(engine, OWNED[name], str(value), sight):
            raise NotFound(f"no {OWNED[name].value} of that id", where=str(value))
        if name == ALERT and not sees_alert(engine, str(value), sight):
            raise NotFound("no alert of that id", where=str(value))
    if template.startswith(BAGS) and not bag_is_seen(engine, str(parameters["name"]), sight):
        raise NotFound("no bag of that name", where=str(parameters["name"]))


def bag_is_seen(engine: Engine, name: str, sight: Sight) -> bool:
    """Whether somebody of that sight sees the bag: they see its alert."""
    if sight is None:
        return True
    found = BAG.fullmatch(name)
    if found is None:
        return False
    return _is_seen(engine, sa.func.substr(alerts.c.id, 1, ID_CHARACTERS) == found[1], sight)


def sees_alert(engine: Engine, alert_id: str, sight: Sight) -> bool:
    """Whether there is the alert and somebody of that sight sees it."""
    return _is_seen(engine, alerts.c.id == alert_id, sight)


def _is_seen(engine: Engine, which: sa.ColumnElement[bool], sight: Sight) -> bool:
    there = sa.select(alerts.c.id).where(which, alert_seen(sight)).limit(1)
    with reading(engine) as connection:
        return connection.scalar(there) is not None
