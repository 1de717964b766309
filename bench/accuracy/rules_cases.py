"""For every primitive: a rule; a scene inside it, one outside, one at its edge; and what makes each uncertain."""

import math
from dataclasses import dataclass, field
from typing import Any

from bench.accuracy.rules_sea import METRES_PER_DEGREE, ORIGIN, START, Path, Sea, pod, still, straight
from wideberth_contracts.known import AnimalState, CraftClassed, Known, StateSeen, WakeSeen
from wideberth_gateway.rules.pack import Pack
from wideberth_gateway.rules.reading_packs import read_pack

HEAD = """\
id: xx
version: "1"
title: bench
jurisdiction: XX
valid_from: 2020-01-01
reach_m: 3000
rules:
  - id: XX-1
    type: {type}
    text: {{original: o, english: e, citation: c, evidence_level: P}}
"""
BLURRED = {"own_m": 12.0, "height_share": 0.3}
"""Errors of a far, oblique view: 12 m a sighting, and 30 % of every length."""
FENCE_DEG = 0.01
EDGE_M = FENCE_DEG * METRES_PER_DEGREE * math.cos(math.radians(ORIGIN[0]))


@dataclass(frozen=True)
class Case:
    """A rule and its scenes. `uncertain`: what is known worse, or not at all, in the uncertain ones."""

    type: str
    fields: dict[str, str]
    inside: Sea
    outside: Sea
    edge: Sea
    uncertain: dict[str, Any] = field(default_factory=lambda: dict(BLURRED))

    def pack(self) -> Pack:
        """The rule as a pack."""
        lines = "".join(f"    {key}: {value}\n" for key, value in self.fields.items())
        return read_pack((HEAD.format(type=self.type) + lines).encode(), "bench.yaml")


def n(value: float) -> str:
    """A number of the law."""
    return f"{{value: {value}, evidence: P, source: a statute}}"


def c(value: float) -> str:
    """A chosen number."""
    return f"{{value: {value}, source: chosen here}}"


WAY = {"drift_max_kn": c(2), "under_way_above_kn": c(3)}
BY = {"by": "bench"}
NORTH = pod(1.5)
KNOT = 1852 / 3600


def boat(path: Path, **changes: Any) -> Sea:
    """One craft."""
    return Sea({"v1": path}, **changes)


def fleet(*places: tuple[float, float]) -> Sea:
    """Several that lie still."""
    return Sea({f"v{number}": still(*place) for number, place in enumerate(places, 1)})


def ring(count: int) -> list[tuple[float, float]]:
    """Places evenly about the origin, 60 m off."""
    turns = [2 * math.pi * k / count for k in range(count)]
    return [(60 * math.sin(turn), 60 * math.cos(turn)) for turn in turns]


def arriving(t: float) -> tuple[float, float]:
    """From 300 m to 60 m within twelve seconds."""
    return max(60.0, 300.0 - 20.0 * t), 0.0


def overtaking(t: float) -> tuple[float, float]:
    """From abeam to ahead of a pod that swims north, then waiting in its path."""
    return (60.0 - 4.0 * t, 20.0 + 7.0 * t) if t < 15.0 else (0.0, 125.0)


def along_the_edge(t: float) -> tuple[float, float]:
    """From abeam to 45 degrees off the heading of a pod that swims north, then nearer along that line."""
    off = 60.0 + 40.0 * t / 15.0 if t < 15.0 else 100.0 - (t - 15.0)
    return off, 1.5 * t + off * min(1.0, t / 15.0)


def _fence() -> str:
    corners = ", ".join(
        f"{{latitude: {ORIGIN[0] + a * FENCE_DEG}, longitude: {ORIGIN[1] + b * FENCE_DEG}}}"
        for a, b in ((-1, -1), (-1, 1), (1, 1), (1, -1))
    )
    return f"{{name: a reserve, outline: [{corners}], evidence: P, source: a chart}}"


def _calf(present: bool) -> Known:
    return Known(states=(StateSeen(state=AnimalState.CALF, present=present, **BY),))


def _large(is_one: bool) -> Known:
    return Known(craft_classes=(CraftClassed(craft_track="v1", craft_class="large", is_one=is_one, **BY),))


WAKE = Known(wakes=(WakeSeen(craft_track="v1", start_s=0, end_s=20, **BY),))
LIMIT_100 = {"limit_m": n(100), "inclusive": "false"}
AROUND_EDGE = {"d1": still(EDGE_M, 40.0)}


def distance_cases() -> list[Case]:
    """Nearer than allowed. The nearest animal of the pod is 4 m nearer than its middle."""
    return [
        Case(
            "min_distance",
            {"limit_m": n(50), "inclusive": "true"},
            boat(still(30, 0)),
            boat(still(80, 0)),
            boat(still(53.9, 0)),
        ),
        Case(
            "vessel_class_override",
            LIMIT_100 | {"craft_class": "large"},
            boat(still(80, 0), known=_large(True)),
            boat(still(80, 0), known=_large(False)),
            boat(still(103.9, 0), known=_large(True)),
            {"known": Known()},
        ),
        Case(
            "calf_or_resting_override",
            LIMIT_100 | {"states": "[calf]"},
            boat(still(80, 0), known=_calf(True)),
            boat(still(80, 0), known=_calf(False)),
            boat(still(103.9, 0), known=_calf(True)),
            {"known": Known()},
        ),
    ]


def speed_cases() -> list[Case]:
    """Too fast, or under way where the propeller must stand."""
    disc = f"{{outer_m: {n(300)}}}"
    return [
        Case(
            "speed_max_in_band",
            {"band": disc, "max_kn": n(6), "limit_allowed": "false"},
            boat(straight(-60, 50, 5, 0)),
            boat(straight(-60, 50, 1.5, 0)),
            boat(straight(-60, 50, 6 * KNOT, 0)),
        ),
        Case(
            "relative_speed_max",
            {"band": disc, "plus_kn": n(2)},
            boat(straight(60, 0, 0, 5), animals=NORTH),
            boat(straight(60, 0, 0, 1.2), animals=NORTH),
            boat(straight(60, 0, 0, 1.5 + 2 * KNOT), animals=NORTH),
        ),
        Case(
            "propulsion_off_in_band",
            {"band": f"{{inner_m: {n(50)}, outer_m: {n(300)}}}", **WAY},
            boat(straight(-60, 90, 4, 0), known=WAKE),
            boat(straight(-60, 90, 0.2, 0)),
            boat(straight(-60, 90, 2.5 * KNOT, 0)),
        ),
        Case(
            "must_stop_if_inside",
            {"within_m": n(300), "time_to_stop_s": c(5), **WAY},
            boat(straight(-60, 90, 4, 0)),
            boat(straight(-60, 90, 0.2, 0)),
            boat(straight(-60, 90, 2.5 * KNOT, 0)),
        ),
    ]


def count_cases() -> list[Case]:
    """Too many craft."""
    others = {"v2": still(0, 60), "v3": still(0, -60)}
    return [
        Case(
            "count_within",
            {"within_m": n(100), "forbidden_from": n(3)},
            fleet((85, 0), (0, 85), (-85, 0)),
            fleet((85, 0), (0, 85), (-200, 0)),
            fleet((85, 0), (0, 85), (-103.9, 0)),
        ),
        Case(
            "already_there",
            {"within_m": n(100), "already": n(2)},
            Sea({"v1": arriving, **others}, seconds=18),
            Sea({"v1": arriving, "v2": still(0, 60)}, seconds=18),
            Sea({"v1": arriving, "v2": still(0, 60), "v3": still(0, -103.9)}, seconds=18),
        ),
    ]


def direction_cases() -> list[Case]:
    """From where, across what, in whose way. Half a sector of 30 degrees has its edge at 30."""
    tangent = math.tan(math.radians(30))
    return [
        Case(
            "no_sector",
            {"within_m": n(300), "ahead_half_deg": n(30)},
            boat(straight(0, 200, 0, -4), animals=NORTH),
            boat(straight(200, 0, -4, 1.5), animals=NORTH),
            boat(straight(120 * tangent, 120, -4 * tangent, -2.5), animals=NORTH),
        ),
        Case(
            "no_path_crossing",
            {"within_m": n(150)},
            boat(straight(-30, 80, 5, 1.5), animals=NORTH),
            boat(straight(-30, -80, 5, 1.5), animals=NORTH),
            boat(straight(-30, 4, 5, 1.5), animals=NORTH),
        ),
        Case(
            "no_pod_transit",
            {},
            boat(straight(-60, 0, 10, 0), animals=pod(0, 25)),
            boat(straight(-60, 80, 10, 0), animals=pod(0, 25)),
            boat(straight(-60, 25, 10, 0), animals=pod(0, 25)),
        ),
        Case(
            "no_interception",
            {"within_m": n(200), "ahead_half_deg": n(45)},
            boat(overtaking, animals=NORTH, seconds=45, fps=2.5),
            boat(straight(60, -10, 0, 1.5), animals=NORTH, seconds=45, fps=2.5),
            boat(along_the_edge, animals=NORTH, seconds=45, fps=2.5),
        ),
        Case(
            "no_pursuit",
            {"within_m": n(100), "following_s": n(15), "match_deg": c(30), "rear_half_deg": c(45)},
            boat(straight(0, -40, 0, 1.5), animals=NORTH, seconds=30, fps=2.5),
            boat(straight(0, -40, 2.5, 0), animals=NORTH, seconds=30, fps=2.5),
            boat(straight(-30, -40, 1.5 * tangent, 1.5), animals=NORTH, seconds=30, fps=2.5),
        ),
        Case(
            "no_encirclement",
            {"within_m": n(100), "gap_deg": n(120), "circling_s": c(60)},
            fleet(*ring(5)),
            fleet(*ring(2)),
            fleet(*ring(3)),
        ),
    ]


def time_and_place_cases() -> list[Case]:
    """Too long, too early, in the wrong place, and the drone itself."""
    hours = {
        "within_m": n(300),
        "start": '"09:00"',
        "end": '"18:00"',
        "zone": "Indian/Reunion",
        "evidence": "P",
        "source": "a decree",
    }
    high = {"heights_m": (60.0, 1.0)}
    return [
        Case(
            "max_stay",
            {"band": f"{{outer_m: {n(100)}}}", "max_min": n(0.2)},
            boat(still(80, 0), seconds=20),
            boat(straight(-170, 0, 20, 0), seconds=20),
            boat(still(80, 0), seconds=12),
        ),
        Case(
            "time_of_day_window",
            hours,
            boat(still(30, 0)),
            boat(still(30, 0), starts_at=START.replace(hour=9)),
            boat(still(303.9, 0)),
            {"starts_at": None},
        ),
        Case(
            "geofence",
            {"area": _fence()},
            boat(still(EDGE_M - 100, 0), animals=AROUND_EDGE),
            boat(still(EDGE_M + 100, 0), animals=AROUND_EDGE),
            boat(still(EDGE_M, 0), animals=AROUND_EDGE),
        ),
        Case(
            "watch_aircraft_min_alt",
            {"min_m": n(30), "strict": "true"},
            boat(still(500, 0), heights_m=(20.0, 1.0)),
            boat(still(500, 0), heights_m=(60.0, 1.0)),
            boat(still(500, 0), heights_m=(30.5, 1.0)),
            {"heights_m": (30.0, 15.0)},
        ),
        Case(
            "watch_aircraft_min_distance",
            {"min_horizontal_m": n(150), "below_m": n(600)},
            boat(still(500, 0), drone=(100.0, 0.0), **high),
            boat(still(500, 0), drone=(300.0, 0.0), **high),
            boat(still(500, 0), drone=(154.0, 0.0), **high),
            {"heights_m": (600.0, 60.0), "drone": (100.0, 0.0)},
        ),
    ]


def all_cases() -> list[Case]:
    """All, in the order of the table of primitives as far as that goes."""
    return [*distance_cases(), *speed_cases(), *count_cases(), *direction_cases(), *time_and_place_cases()]
