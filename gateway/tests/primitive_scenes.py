"""For every primitive a rule, a scene that breaks it, one that keeps it, and one that cannot be told."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from at_sea import Sea, pod, still, straight

from wideberth_contracts.known import AnimalState, CraftClassed, Known, StateSeen, WakeSeen
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.reading_packs import read_pack

HEAD = """\
id: xx
version: "1"
title: test
jurisdiction: XX
valid_from: 2020-01-01
reach_m: 2000
rules:
  - id: XX-1
    type: {type}
    text: {{original: o, english: e, citation: c, evidence_level: P}}
"""
BY = {"by": "reviewer"}


def n(value: float) -> str:
    return f"{{value: {value}, evidence: P, source: a statute}}"


def c(value: float) -> str:
    return f"{{value: {value}, source: chosen here}}"


def pack_of(primitive: str, **fields: str) -> Pack:
    lines = "".join(f"    {key}: {value}\n" for key, value in fields.items())
    return read_pack((HEAD.format(type=primitive) + lines).encode(), "xx.yaml")


@dataclass(frozen=True)
class Case:
    """A rule and three scenes."""

    pack: Pack
    breaks: Sea
    keeps: Sea
    unsure: Sea


WAY = {"drift_max_kn": c(2), "under_way_above_kn": c(3)}
STAYS = pod(0.0, 0.0)


def boat(path: object, **changes: object) -> Sea:
    return Sea({"v1": path}, **changes)  # type: ignore[arg-type, dict-item]


def fleet(*places: tuple[float, float], **changes: object) -> Sea:
    paths = {f"v{number}": still(*place) for number, place in enumerate(places, start=1)}
    return Sea(paths, **changes)  # type: ignore[arg-type]


def ring(count: int, radius_m: float = 60.0) -> list[tuple[float, float]]:
    angles = [2 * math.pi * k / count for k in range(count)]
    return [(radius_m * math.sin(a), radius_m * math.cos(a)) for a in angles]


CALF = Known(states=(StateSeen(state=AnimalState.CALF, present=True, **BY),))
NO_CALF = Known(states=(StateSeen(state=AnimalState.CALF, present=False, **BY),))
LARGE = Known(craft_classes=(CraftClassed(craft_track="v1", craft_class="large", **BY),))
WAKE = Known(wakes=(WakeSeen(craft_track="v1", start_s=0, end_s=20, **BY),))
NEAR = still(30, 0)


def arriving(t: float) -> tuple[float, float]:
    """From far to 60 m within twelve seconds, then still."""
    return max(60.0, 300.0 - 20.0 * t), 0.0


def overtaking(t: float) -> tuple[float, float]:
    """From abeam to 90 m ahead of a pod that heads north, then waits there."""
    if t < 15.0:
        return 60.0 - 4.0 * t, 20.0 + 7.0 * t
    return 0.0, 125.0


CASES = {
    "min_distance": Case(
        pack_of("min_distance", limit_m=n(50), inclusive="true"),
        boat(NEAR, animals=STAYS),
        boat(still(80, 0), animals=STAYS),
        boat(still(54, 0), animals=STAYS, error_m=3),
    ),
    "vessel_class_override": Case(
        pack_of("vessel_class_override", limit_m=n(100), inclusive="false", craft_class="large"),
        boat(still(80, 0), animals=STAYS, known=LARGE),
        boat(still(120, 0), animals=STAYS),
        boat(still(80, 0), animals=STAYS),
    ),
    "calf_or_resting_override": Case(
        pack_of("calf_or_resting_override", limit_m=n(100), inclusive="false", states="[calf]"),
        boat(still(80, 0), animals=STAYS, known=CALF),
        boat(still(120, 0), animals=STAYS),
        boat(still(80, 0), animals=STAYS),
    ),
    "must_stop_if_inside": Case(
        pack_of("must_stop_if_inside", within_m=n(300), time_to_stop_s=c(5), **WAY),
        boat(straight(-100, 50, 4, 0), animals=STAYS),
        boat(straight(-100, 50, 0.4, 0), animals=STAYS),
        boat(straight(-100, 50, 1.3, 0), animals=STAYS),
    ),
    "speed_max_in_band": Case(
        pack_of("speed_max_in_band", band=f"{{outer_m: {n(300)}}}", max_kn=n(6), limit_allowed="false"),
        boat(straight(-100, 50, 5, 0), animals=STAYS),
        boat(straight(-100, 50, 2, 0), animals=STAYS),
        boat(straight(-100, 50, 3.1, 0), animals=STAYS),
    ),
    "relative_speed_max": Case(
        pack_of("relative_speed_max", band=f"{{outer_m: {n(300)}}}", plus_kn=n(2)),
        boat(straight(60, 0, 0, 4)),
        boat(straight(60, 0, 0, 1.5)),
        boat(straight(60, 0, 0, 2.6)),
    ),
    "propulsion_off_in_band": Case(
        pack_of("propulsion_off_in_band", band=f"{{inner_m: {n(50)}, outer_m: {n(300)}}}", **WAY),
        boat(straight(-100, 80, 1.35, 0), animals=STAYS, known=WAKE, speed_error_mps=0.2),
        boat(straight(-100, 80, 0.4, 0), animals=STAYS),
        boat(straight(-100, 80, 1.35, 0), animals=STAYS, speed_error_mps=0.2),
    ),
    "count_within": Case(
        pack_of("count_within", within_m=n(100), forbidden_from=n(3)),
        fleet((50, 0), (0, 60), (-60, 0), animals=STAYS),
        fleet((50, 0), (0, 60), (-160, 0), animals=STAYS),
        fleet((50, 0), (0, 60), (-103, 0), animals=STAYS, error_m=3),
    ),
    "already_there": Case(
        pack_of("already_there", within_m=n(100), already=n(2)),
        Sea({"v1": arriving, "v2": still(0, 60), "v3": still(0, -60)}, STAYS),
        Sea({"v1": arriving, "v2": still(0, 60)}, STAYS),
        Sea({"v1": still(60, 0), "v2": still(0, 60), "v3": still(0, -60)}, STAYS),
    ),
    "no_sector": Case(
        pack_of("no_sector", within_m=n(300), ahead_half_deg=n(30)),
        boat(straight(0, 200, 0, -4)),
        boat(straight(200, 0, -4, 1.5)),
        boat(straight(0, 200, 0, -4), animals=STAYS),
    ),
    "no_path_crossing": Case(
        pack_of("no_path_crossing", within_m=n(150)),
        boat(straight(-40, 80, 4, 1.5)),
        boat(straight(-40, -80, 4, 1.5)),
        boat(straight(-40, 80, 4, 1.5), animals=STAYS),
    ),
    "no_pod_transit": Case(
        pack_of("no_pod_transit"),
        boat(straight(-60, 0, 6, 0), animals=pod(0, 0, 20)),
        boat(straight(-60, 60, 6, 0), animals=pod(0, 0, 20)),
        boat(straight(-60, 0, 6, 0), animals=pod(0, 0, 20), error_m=30),
    ),
    "no_interception": Case(
        pack_of("no_interception", within_m=n(200), ahead_half_deg=n(45)),
        boat(overtaking, seconds=50),
        boat(straight(60, -10, 0, 1.5), seconds=50),
        boat(still(0, 125), seconds=50),
    ),
    "no_pursuit": Case(
        pack_of("no_pursuit", within_m=n(100), following_s=n(15), match_deg=c(30), rear_half_deg=c(45)),
        boat(straight(0, -40, 0, 1.5), seconds=30),
        boat(straight(0, -40, 1.5, 0), seconds=30),
        boat(straight(0, -40, 0, 1.5), seconds=30, speed_error_mps=1.2),
    ),
    "no_encirclement": Case(
        pack_of("no_encirclement", within_m=n(100), gap_deg=n(100), circling_s=c(60)),
        fleet(*ring(4), animals=STAYS),
        fleet(*ring(3), animals=STAYS),
        fleet(*ring(4), animals=STAYS, error_m=12),
    ),
    "max_stay": Case(
        pack_of("max_stay", band=f"{{outer_m: {n(100)}}}", max_min=n(0.2)),
        boat(NEAR, animals=STAYS, seconds=20),
        boat(straight(-170, 0, 20, 0), animals=STAYS, seconds=20),
        boat(NEAR, animals=STAYS, seconds=10),
    ),
    "time_of_day_window": Case(
        pack_of(
            "time_of_day_window",
            within_m=n(300),
            start='"09:00"',
            end='"18:00"',
            zone="Indian/Reunion",
            evidence="P",
            source="a decree",
        ),
        boat(NEAR, animals=STAYS, starts_at=datetime(2026, 8, 1, 3, 0, tzinfo=UTC)),
        boat(NEAR, animals=STAYS, starts_at=datetime(2026, 8, 1, 9, 0, tzinfo=UTC)),
        boat(NEAR, animals=STAYS, starts_at=None),
    ),
}

OWN_CASES = {
    "watch_aircraft_min_alt": Case(
        pack_of("watch_aircraft_min_alt", min_m=n(30), strict="true"),
        boat(NEAR, heights_m=(20, 1.0)),
        boat(NEAR, heights_m=(60, 1.0)),
        boat(NEAR, heights_m=(31, 1.0)),
    ),
    "watch_aircraft_min_distance": Case(
        pack_of("watch_aircraft_min_distance", min_horizontal_m=n(150), below_m=n(600)),
        boat(NEAR, animals=STAYS, heights_m=(60, 1.0), drone=still(100, 0)),
        boat(NEAR, animals=STAYS, heights_m=(60, 1.0), drone=still(300, 0)),
        boat(NEAR, animals=STAYS, heights_m=(60, 1.0), drone=still(154.5, 0)),
    ),
}

FENCE_DEG = 0.01


def fence(**fields: str) -> Pack:
    """About 1.1 km to each side of the origin of the scenes."""
    corners = [(a, b) for a, b in ((-1, -1), (-1, 1), (1, 1), (1, -1))]
    outline = ", ".join(f"{{latitude: {33.2 + a * FENCE_DEG}, longitude: {126.2 + b * FENCE_DEG}}}" for a, b in corners)
    return pack_of("geofence", area=f"{{name: a reserve, outline: [{outline}], evidence: P, source: a map}}", **fields)


EDGE_M = FENCE_DEG * 111_194.93 * math.cos(math.radians(33.2))
AROUND = {"d1": still(EDGE_M, 40.0)}
FENCES = {
    "entry": Case(
        fence(),
        boat(still(EDGE_M - 60, 0), animals=AROUND),
        boat(still(EDGE_M + 60, 0), animals=AROUND),
        boat(still(EDGE_M, 0), animals=AROUND),
    ),
    "speed": Case(
        fence(max_kn=n(5)),
        boat(straight(EDGE_M - 160, 0, 4, 0), animals=AROUND),
        boat(straight(EDGE_M - 160, 0, 1, 0), animals=AROUND),
        boat(straight(EDGE_M - 160, 0, 2.5, 0), animals=AROUND),
    ),
}


def moved(sea: Sea, *, turned_deg: float, mirrored: bool) -> Sea:
    return replace(sea, turned_deg=turned_deg, mirrored=mirrored)
