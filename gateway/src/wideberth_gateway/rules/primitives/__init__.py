"""Rule primitives: each class is one kind of sentence a law can hold; its fields are the numbers of that sentence.

`PRIMITIVES` is the table of them. A new kind of rule is one class, one member of `Rule` and one row; nothing registers
itself.

Limits: speed is over ground; a propeller cannot be seen, so its rule says "under way" and never "engine on".
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from wideberth_gateway.rules.primitives.base import EncounterRule, MeasuredTo, Penalty, RuleBase
from wideberth_gateway.rules.primitives.conduct import NoEncirclement, NoInterception, NoPursuit
from wideberth_gateway.rules.primitives.count import AlreadyThere, CountWithin
from wideberth_gateway.rules.primitives.distance import CalfOrRestingOverride, MinDistance, VesselClassOverride
from wideberth_gateway.rules.primitives.own_flight import OwnRule, WatchAircraftMinAlt, WatchAircraftMinDistance
from wideberth_gateway.rules.primitives.path import NoPathCrossing, NoPodTransit
from wideberth_gateway.rules.primitives.people import HumanReview
from wideberth_gateway.rules.primitives.sector import NoSector
from wideberth_gateway.rules.primitives.speed import (
    MustStopIfInside,
    PropulsionOffInBand,
    RelativeSpeedMax,
    SpeedMaxInBand,
)
from wideberth_gateway.rules.primitives.time_place import Geofence, Hours, MaxStay

__all__ = ["PRIMITIVES", "EncounterRule", "MeasuredTo", "MinDistance", "OwnRule", "Penalty", "Rule", "RuleBase"]

Rule = Annotated[
    MinDistance
    | VesselClassOverride
    | CalfOrRestingOverride
    | MustStopIfInside
    | SpeedMaxInBand
    | RelativeSpeedMax
    | PropulsionOffInBand
    | CountWithin
    | AlreadyThere
    | NoSector
    | NoPathCrossing
    | NoPodTransit
    | NoInterception
    | NoPursuit
    | NoEncirclement
    | MaxStay
    | Hours
    | Geofence
    | WatchAircraftMinAlt
    | WatchAircraftMinDistance
    | HumanReview,
    Field(discriminator="type"),
]

PRIMITIVES: Mapping[str, type[RuleBase]] = MappingProxyType(
    {
        "min_distance": MinDistance,
        "vessel_class_override": VesselClassOverride,
        "calf_or_resting_override": CalfOrRestingOverride,
        "must_stop_if_inside": MustStopIfInside,
        "speed_max_in_band": SpeedMaxInBand,
        "relative_speed_max": RelativeSpeedMax,
        "propulsion_off_in_band": PropulsionOffInBand,
        "count_within": CountWithin,
        "already_there": AlreadyThere,
        "no_sector": NoSector,
        "no_path_crossing": NoPathCrossing,
        "no_pod_transit": NoPodTransit,
        "no_interception": NoInterception,
        "no_pursuit": NoPursuit,
        "no_encirclement": NoEncirclement,
        "max_stay": MaxStay,
        "time_of_day_window": Hours,
        "geofence": Geofence,
        "watch_aircraft_min_alt": WatchAircraftMinAlt,
        "watch_aircraft_min_distance": WatchAircraftMinDistance,
        "human_review": HumanReview,
    }
)
