"""What happens in the simulated encounters: conduct of craft about a pod, drawn by a seed.

Sixteen kinds of conduct take turns, so that every rule that a camera can judge meets conduct that breaks it, that keeps
it and that is near its limit. Places are given against the pod: ahead along its heading, aside to starboard.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np

from wideberth_contracts.known import AnimalState, Known, Species, StateSeen

NOON = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
"""10:00 on Réunion: inside the only hours that a pack names."""
KNOT_MPS = 1852.0 / 3600.0
BOATS = ("tour_boat", "fishing_boat", "motorboat", "rib", "console_boat", "cruiser")
TALKER = "a person of the bench"
Track = tuple[tuple[float, float, float], ...]
"""Time, metres ahead of the pod's middle, metres to its starboard."""
Draw = np.random.Generator


@dataclass(frozen=True)
class Drawn:
    """One encounter before it is filmed.

    Attributes:
        crafts: by name, the subtype and where it is at times.
        heading_deg, pod_mps: how the pod swims.
        height_m, back_m: of the drone over the sea, and behind the pod along its own line of sight.
        sample_fps, segment_s: of the analysis.
    """

    crafts: Mapping[str, tuple[str, Track]]
    heading_deg: float
    pod_mps: float
    spread_m: float = 8.0
    count: int = 6
    seconds: float = 60.0
    height_m: float = 80.0
    back_m: float = 130.0
    start: datetime = NOON
    known: Known = field(default_factory=Known)
    sample_fps: float = 5.0
    segment_s: float = 20.0
    turn_deg_s: float = 0.0


def _pod(rng: Draw, slow: bool = False) -> dict[str, Any]:
    pace = rng.uniform(0.05, 0.3) if slow else rng.uniform(1.0, 2.5)
    return {"heading_deg": float(rng.uniform(0, 360)), "pod_mps": float(pace)}


def _boat(rng: Draw) -> str:
    return str(rng.choice(BOATS))


def _camera(rng: Draw, near: bool = True) -> dict[str, Any]:
    if near:
        height = float(rng.uniform(55, 110))
        return {"height_m": height, "back_m": height * float(rng.uniform(0.6, 1.8))}
    return {"height_m": float(rng.uniform(100, 120)), "back_m": float(rng.uniform(150, 200))}


def _passes(rng: Draw, nearest: tuple[float, float], knots: tuple[float, float]) -> Track:
    """Past the pod's side, in a straight line along its heading."""
    side = float(rng.choice([-1.0, 1.0])) * (float(rng.uniform(*nearest)) + 12.0)
    pace, way = float(rng.uniform(*knots)) * KNOT_MPS, float(rng.choice([-1.0, 1.0]))
    half = min(pace * 30.0, 110.0)
    return ((0.0, -way * half, side), (60.0, way * half, side))


def approach(rng: Draw) -> Drawn:
    """Past the pod at 5 to 110 m."""
    states = (StateSeen(state=AnimalState.CALF, present=bool(rng.random() < 0.5), by=TALKER),)
    return Drawn(
        {"boat": (_boat(rng), _passes(rng, (5, 110), (2, 10)))}, **_pod(rng), **_camera(rng),
        known=Known(states=states),
    )  # fmt: skip


def stops(rng: Draw) -> Drawn:
    """Comes to 20 to 150 m of a resting pod and lies still there, or goes on slowly."""
    place, bearing = float(rng.uniform(20, 150)), float(rng.uniform(0, 2 * math.pi))
    away = (math.cos(bearing), math.sin(bearing))
    far = place + 20.0 * float(rng.uniform(2, 6)) * KNOT_MPS
    track = ((0.0, far * away[0], far * away[1]), (20.0, place * away[0], place * away[1]))
    end = (60.0, place * away[0], place * away[1] + 0.001)
    states = (StateSeen(state=AnimalState.RESTING, present=True, by=TALKER),)
    return Drawn(
        {"boat": (_boat(rng), (*track, end))}, **_pod(rng, slow=True), **_camera(rng), known=Known(states=states)
    )


def fast_near(rng: Draw) -> Drawn:
    """At 2 to 16 knots within 80 to 250 m."""
    return Drawn({"boat": (_boat(rng), _passes(rng, (70, 220), (2, 16)))}, **_pod(rng), **_camera(rng, near=False))


def far_band(rng: Draw) -> Drawn:
    """At 2 to 18 knots in the far bands, 330 to 650 m behind the pod in the picture."""
    drawn = Drawn({}, **_pod(rng), **_camera(rng, near=False))
    return replace(drawn, crafts={"boat": (_boat(rng), _passes(rng, (330, 650), (2, 18)))})


def crowd(rng: Draw) -> Drawn:
    """Two to six boats that drift about the pod, and one more that comes in."""
    count, radius = int(rng.integers(2, 7)), float(rng.uniform(50, 130))
    turn = float(rng.uniform(0, 2 * math.pi))
    crafts: dict[str, tuple[str, Track]] = {}
    for number in range(count):
        angle = turn + 2 * math.pi * number / (count + 1) * float(rng.uniform(0.5, 1.0))
        place = radius * math.cos(angle), radius * math.sin(angle)
        crafts[f"boat{number}"] = (_boat(rng), ((0.0, *place), (60.0, place[0] + 1.0, place[1])))
    angle = turn + 2 * math.pi * count / (count + 1)
    far, near = float(rng.uniform(190, 420)), float(rng.uniform(40, 140))
    coming = (
        (0.0, far * math.cos(angle), far * math.sin(angle)),
        (45.0, near * math.cos(angle), near * math.sin(angle)),
    )
    crafts["late"] = (_boat(rng), (*coming, (60.0, near * math.cos(angle), near * math.sin(angle) + 0.5)))
    return Drawn(crafts, **_pod(rng, slow=True), height_m=110.0, back_m=float(rng.uniform(140, 180)))


def sector(rng: Draw) -> Drawn:
    """Straight at the pod from any side: ahead, abeam, astern, and at the edges of sectors."""
    off = math.radians(float(rng.choice([0.0, 15.0, 30.0, 45.0, 60.0, 90.0, 120.0, 150.0, 180.0]) + rng.normal(0, 8)))
    off *= float(rng.choice([-1.0, 1.0]))
    far, near = float(rng.uniform(130, 180)), float(rng.uniform(25, 90))
    track = ((0.0, far * math.cos(off), far * math.sin(off)), (60.0, near * math.cos(off), near * math.sin(off)))
    return Drawn({"boat": (_boat(rng), track)}, **_pod(rng), **_camera(rng))


def crosses(rng: Draw) -> Drawn:
    """Over the pod's line, 30 to 170 m ahead of it, or as far behind."""
    ahead = float(rng.choice([1.0, 1.0, -1.0])) * float(rng.uniform(30, 170))
    reach, side = float(rng.uniform(60, 110)), float(rng.choice([-1.0, 1.0]))
    return Drawn(
        {"boat": (_boat(rng), ((0.0, ahead, -side * reach), (60.0, ahead, side * reach)))}, **_pod(rng),
        height_m=float(rng.uniform(90, 115)), back_m=float(rng.uniform(100, 170)),
    )  # fmt: skip


def through(rng: Draw) -> Drawn:
    """Through the middle of a wide pod, or along its edge."""
    aside = float(rng.choice([0.0, 0.0, 15.0, 45.0, 70.0]))
    drawn = Drawn({}, **_pod(rng), **_camera(rng), spread_m=float(rng.uniform(14, 22)), count=14)
    return replace(drawn, crafts={"boat": (_boat(rng), ((0.0, -120.0, aside), (60.0, 130.0, aside)))})


def leapfrog(rng: Draw) -> Drawn:
    """Past the pod's side, then into its way, where it waits; or it keeps clear."""
    side = float(rng.choice([-1.0, 1.0])) * float(rng.uniform(45, 70))
    ahead, last = float(rng.uniform(80, 110)), float(rng.choice([15.0, 25.0, 35.0, 70.0]))
    aside = float(rng.choice([0.0, 0.0, side]))
    track = (
        (0.0, -60.0, side),
        (12.0, 20.0, side),
        (24.0, ahead, aside),
        (32.0, ahead - 8, aside),
        (75.0, last, aside),
    )
    return Drawn({"boat": (_boat(rng), track)}, **{**_pod(rng), "pod_mps": float(rng.uniform(1.6, 2.4))},
                 **_camera(rng), seconds=75.0, known=Known(species=Species.SPINNER_DOLPHIN))  # fmt: skip


def pursues(rng: Draw) -> Drawn:
    """Behind the pod on its heading for 100 s, or beside it."""
    behind, aside = float(rng.uniform(40, 120)), float(rng.choice([0.0, 0.0, 20.0, 120.0]))
    track = ((0.0, -behind, aside), (50.0, -behind - 2.0, aside), (100.0, -behind, aside))
    return Drawn({"boat": (_boat(rng), track)}, **_pod(rng), **_camera(rng), seconds=100.0)


def rings(rng: Draw) -> Drawn:
    """Three to five boats all about the pod, or all on one side of it."""
    count, radius = int(rng.integers(3, 6)), float(rng.uniform(35, 85))
    arc = 2 * math.pi if rng.random() < 0.6 else float(rng.uniform(1.5, 3.0))
    turn = float(rng.uniform(0, 2 * math.pi))
    crafts: dict[str, tuple[str, Track]] = {}
    for number in range(count):
        angle = turn + arc * number / count
        place = radius * math.cos(angle), radius * math.sin(angle)
        crafts[f"boat{number}"] = (_boat(rng), ((0.0, *place), (60.0, place[0], place[1] + 1.0)))
    return Drawn(crafts, **_pod(rng, slow=True), height_m=100.0, back_m=float(rng.uniform(90, 140)))


def circles(rng: Draw) -> Drawn:
    """One boat that goes round the pod, the whole way or a part of it."""
    radius, whole = float(rng.uniform(45, 75)), float(rng.choice([1.2, 1.2, 0.4]))
    turn, way = float(rng.uniform(0, 2 * math.pi)), float(rng.choice([-1.0, 1.0]))
    track = []
    for step in range(41):
        angle = turn + way * 2 * math.pi * whole * step / 40
        track.append((2.5 * step, radius * math.cos(angle), radius * math.sin(angle)))
    return Drawn(
        {"boat": (_boat(rng), tuple(track))}, **_pod(rng, slow=True), height_m=95.0, back_m=110.0, seconds=100.0
    )


def jet_ski(rng: Draw) -> Drawn:
    """A jet ski, 60 to 200 m off."""
    return Drawn({"ski": ("jet_ski", _passes(rng, (50, 190), (4, 14)))}, **_pod(rng), **_camera(rng))


def low_drone(rng: Draw) -> Drawn:
    """A drone 15 to 45 m up, near the pod or straight over it; the boat keeps away."""
    height = float(rng.uniform(15, 45))
    return Drawn(
        {"boat": (_boat(rng), _passes(rng, (20, 60), (1, 4)))}, **_pod(rng), height_m=height,
        back_m=float(rng.uniform(0.3, 2.0)) * height,
    )  # fmt: skip


def hours(rng: Draw) -> Drawn:
    """About nine o'clock, or six in the evening, on Réunion."""
    minutes = float(rng.choice([-30.0, -0.9, -0.5, 0.2, 9 * 60 - 0.5, 9 * 60 + 1.0]))
    start = datetime(2026, 6, 1, 5, 0, tzinfo=UTC) + timedelta(minutes=minutes)
    return Drawn({"boat": (_boat(rng), _passes(rng, (30, 150), (1, 4)))}, **_pod(rng), **_camera(rng), start=start)


def company(rng: Draw) -> Drawn:
    """A boat under way beside two that lie still, one of them near."""
    near = float(rng.uniform(30, 120))
    crafts: dict[str, tuple[str, Track]] = {
        "still": (_boat(rng), ((0.0, 0.0, near), (60.0, 1.0, near))),
        "far": (_boat(rng), ((0.0, 40.0, -near - 60.0), (60.0, 41.0, -near - 60.0))),
        "goes": (_boat(rng), _passes(rng, (30, 120), (3, 9))),
    }
    return Drawn(crafts, **_pod(rng, slow=True), **_camera(rng))


def stays(rng: Draw) -> Drawn:
    """Half an hour and more behind the pod, at 70 to 110 m, or a little less than the limits."""
    minutes = float(rng.choice([19.0, 24.0, 33.0]))
    behind = float(rng.uniform(75, 110))
    seconds = 60.0 * minutes
    track = ((0.0, -behind, 0.0), (seconds / 2, -behind - 3.0, 0.0), (seconds, -behind, 0.0))
    return Drawn({"boat": (_boat(rng), track)}, **_pod(rng), height_m=80.0, back_m=110.0, seconds=seconds, count=14,
                 sample_fps=2.0, segment_s=300.0)  # fmt: skip


Maker = Callable[[Draw], Drawn]
CONDUCTS: Mapping[str, Maker] = MappingProxyType(
    {
        one.__name__: one
        for one in (
            approach, sector, crowd, crosses, through, leapfrog, pursues, rings, circles, jet_ski, low_drone, hours,
            fast_near, stops, far_band, company,
        )
    }
)  # fmt: skip
