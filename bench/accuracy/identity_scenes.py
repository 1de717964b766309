"""Simulated encounters with AIS: three boats about 100 m apart under a drone whose compass and receiver err.

Drawn for each scene, and not told to the matching: the drone's position (2 m), its compass (a standard error of 1 to 5
degrees, while 2 are told, as in the pose priors) with a wander of 0.3, its scale (3 %), the ships' satellite error (2 m
shared, 3 m each, 1 m that comes and goes), where the antenna sits, which offsets are wrong (one in four) or never sent
(four in ten), the clock of the receiver (0 to 15 s late; in half of the scenes reports tell the second of their fix),
reports lost (one in five) and gaps, boats without AIS (four in ten, or as many as asked), and ships with AIS that the
camera did not see: up to three, one in two of them among the boats. Reports come every 2 to 10 s (class A, by speed) or
30 s (class B), 3 min for class B that lie still.
"""

import math
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.positions import Covariance2, EastNorth, ErrorSource, Position, SharedTerm
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_gateway.identity.reports import KNOT_MPS, ShipParticulars, ShipReport
from wideberth_gateway.identity.routes import Plane

BEGINS = datetime(2026, 6, 14, 1, 0, tzinfo=UTC)
PLANE = Plane(33.2, 126.3)
YAW_TOLD_DEG, DRONE_M, SCALE = 2.0, 2.0, 0.03
CLEAR_M = 30.0
"""Between any two boats when the clip begins: nobody lies in another's place."""

CARRYING = 0.6
LEAD_S = 400.0
"""AIS is heard for so long before and after the clip."""

METRES_NORTH = PLANE.east_north(34.2, 126.3)[1]
METRES_EAST = PLANE.east_north(33.2, 127.3)[0]


@dataclass(frozen=True, slots=True)
class Boat:
    """Truth. `mmsi` None: no AIS. Place by time from the clip's start, of the hull's middle."""

    mmsi: int | None
    east_m: float
    north_m: float
    speed_mps: float
    course_deg: float
    turn_deg_s: float
    turn_phase: float
    length_m: float
    class_a: bool

    def at(self, t_s: float) -> tuple[float, float, float]:
        """East, north, course; a turn goes to and fro, so that nobody circles."""
        swing_deg = 20.0 * self.turn_deg_s
        course = math.radians(self.course_deg + swing_deg * math.sin(t_s / 20 + self.turn_phase))
        steps = max(1, int(abs(t_s) / 2))
        east, north = self.east_m, self.north_m
        for i in range(steps):
            u = t_s * (i + 0.5) / steps
            angle = math.radians(self.course_deg + swing_deg * math.sin(u / 20 + self.turn_phase))
            east += self.speed_mps * math.sin(angle) * t_s / steps
            north += self.speed_mps * math.cos(angle) * t_s / steps
        return east, north, math.degrees(course) % 360


@dataclass(frozen=True, slots=True)
class Encounter:
    """One scene: what the camera and the receiver have, and by track the MMSI it truly had (None: no AIS)."""

    tracks: tuple[Track, ...]
    reports: tuple[ShipReport, ...]
    particulars: dict[int, ShipParticulars]
    truth: dict[str, int | None]
    clocked: bool


def encounter(seed: int, carrying: float = CARRYING) -> Encounter:
    """The scene of a seed; `carrying`: how many of the boats in view carry AIS, as a share."""
    draw = random.Random(seed)
    clip_s = draw.uniform(20, 90)
    seen, unseen = _boats(draw, carrying)
    tracks = _filmed(draw, seen, clip_s)
    delay_s, clocked = draw.uniform(0, 15), draw.random() < 0.5
    common = (draw.gauss(0, 2), draw.gauss(0, 2))
    reports: list[ShipReport] = []
    particulars: dict[int, ShipParticulars] = {}
    for boat in (*seen, *unseen):
        if boat.mmsi is None:
            continue
        ahead_m = boat.length_m * draw.uniform(-0.4, 0.4)
        reports += _sent(draw, boat, ahead_m, clip_s, common, delay_s, clocked)
        said = _said(draw, boat, ahead_m)
        if said is not None:
            particulars[boat.mmsi] = said
    truth = {track.id: boat.mmsi for track, boat in zip(tracks, seen, strict=True)}
    return Encounter(tuple(tracks), tuple(reports), particulars, truth, clocked)


def _boats(draw: random.Random, carrying: float) -> tuple[list[Boat], list[Boat]]:
    """Three in view, abreast or in line or in a triangle, in company or each its own way; and those not seen."""
    company, heading = draw.random() < 0.5, draw.uniform(0, 360)
    pace = draw.choice((0.3, 2.0, 5.0, 10.0))
    line = draw.uniform(0, 360)
    places = [(100.0 * i * math.sin(math.radians(line)), 100.0 * i * math.cos(math.radians(line))) for i in (-1, 0, 1)]
    if draw.random() < 0.4:
        places[2] = (places[1][0] + 87 * math.cos(math.radians(line)), places[1][1] - 87 * math.sin(math.radians(line)))
    seen = [_boat(draw, place, pace, heading if company else draw.uniform(0, 360), company, carrying, 400 + i)
            for i, place in enumerate(places)]  # fmt: skip
    wanted = draw.randint(0, 3)
    unseen: list[Boat] = []
    while len(unseen) < wanted:
        far = draw.uniform(80, 160) if draw.random() < 0.5 else draw.uniform(300, 1500)
        angle = draw.uniform(0, 2 * math.pi)
        place = (far * math.sin(angle), far * math.cos(angle))
        course = heading if company else draw.uniform(0, 360)
        boat = _boat(draw, place, pace, course, company, 1.0, 500 + len(unseen))
        if all(math.hypot(boat.east_m - b.east_m, boat.north_m - b.north_m) >= CLEAR_M for b in (*seen, *unseen)):
            unseen.append(boat)
    return seen, unseen


def _boat(
    draw: random.Random,
    place: tuple[float, float],
    pace: float,
    course: float,
    company: bool,
    has_ais: float,
    number: int,
) -> Boat:
    speed = pace * draw.uniform(0.95, 1.05) if company else pace * draw.uniform(0.3, 1.7)
    return Boat(
        mmsi=440_000_000 + number if draw.random() < has_ais else None,
        east_m=place[0] + draw.gauss(0, 8), north_m=place[1] + draw.gauss(0, 8), speed_mps=speed,
        course_deg=course + draw.gauss(0, 3), turn_deg_s=0.0 if draw.random() < 0.6 else draw.gauss(0, 1.0),
        turn_phase=draw.uniform(0, 2 * math.pi), length_m=draw.uniform(5, 20), class_a=draw.random() < 0.4,
    )  # fmt: skip


def _filmed(draw: random.Random, boats: list[Boat], clip_s: float) -> list[Track]:
    bearing, far = draw.uniform(0, 2 * math.pi), draw.uniform(150, 500)
    drone = (-far * math.sin(bearing), -far * math.cos(bearing))
    yaw = math.radians(draw.gauss(0, draw.uniform(1, 5)))
    wander = [math.radians(draw.gauss(0, 0.3)) for _ in range(2)]
    scale = 1 + draw.gauss(0, SCALE)
    off = (draw.gauss(0, DRONE_M), draw.gauss(0, DRONE_M))
    tracks = []
    for index, boat in enumerate(boats):
        lasting = [draw.gauss(0, 1), draw.gauss(0, 1)]
        start, stop = (0.0, clip_s) if draw.random() < 0.7 else (0.0, draw.uniform(0.4, 1.0) * clip_s)
        points = []
        for step in range(int(stop - start)):
            t = start + step
            turned = yaw + wander[0] * math.sin(t / 15) + wander[1] * math.cos(t / 15)
            points.append(_point(draw, boat.at(t), t, drone, turned, scale, off, lasting))
        tracks.append(
            Track(id=f"v{index + 1}", kind=ObjectKind.VESSEL, state=TrackState.CONFIRMED, points=tuple(points))
        )
    return tracks


def _point(
    draw: random.Random, place: tuple[float, float, float], t: float, drone: tuple[float, float], yaw: float,
    scale: float, off: tuple[float, float], lasting: list[float],
) -> TrackPoint:  # fmt: skip
    east, north = place[0] - drone[0], place[1] - drone[1]
    far = math.hypot(east, north)
    along, across = 1.0 + 0.01 * far, 0.7
    radial = (east / far, north / far)
    noise = (along * (0.7 * lasting[0] + 0.7 * draw.gauss(0, 1)), across * (0.7 * lasting[1] + 0.7 * draw.gauss(0, 1)))
    sine, cosine = math.sin(yaw), math.cos(yaw)
    seen_e = drone[0] + off[0] + scale * (east * cosine + north * sine) + noise[0] * radial[0] + noise[1] * radial[1]
    seen_n = drone[1] + off[1] + scale * (north * cosine - east * sine) + noise[0] * radial[1] - noise[1] * radial[0]
    own = Covariance2(
        east_east=(along * radial[0]) ** 2 + (across * radial[1]) ** 2,
        east_north=(along**2 - across**2) * radial[0] * radial[1],
        north_north=(along * radial[1]) ** 2 + (across * radial[0]) ** 2,
    )
    rel = (seen_e - drone[0] - off[0], seen_n - drone[1] - off[1])
    turn = math.radians(YAW_TOLD_DEG)
    terms = (
        _term(ErrorSource.YAW, rel[1] * turn, -rel[0] * turn),
        _term(ErrorSource.HEIGHT, rel[0] * SCALE, rel[1] * SCALE),
        _term(ErrorSource.CAMERA_EAST, DRONE_M, 0.0),
        _term(ErrorSource.CAMERA_NORTH, 0.0, DRONE_M),
    )
    position = Position(
        east_m=seen_e, north_m=seen_n, latitude=PLANE.latitude + seen_n / METRES_NORTH,
        longitude=PLANE.longitude + seen_e / METRES_EAST, shared=terms, own=own,
    )  # fmt: skip
    return TrackPoint(
        t_s=t, pts=int(t * 1000), captured_at=BEGINS + timedelta(seconds=t), observed=True, position=position
    )


def _term(source: ErrorSource, east: float, north: float) -> SharedTerm:
    return SharedTerm(
        source=source, plus=EastNorth(east_m=east, north_m=north), minus=EastNorth(east_m=-east, north_m=-north)
    )


def _interval_s(boat: Boat) -> float:
    """ITU-R M.1371: class A by speed (and every 3 min at anchor), class B every 30 s, 3 min below 2 kn."""
    knots = boat.speed_mps / KNOT_MPS
    if boat.class_a:
        return 10.0 if knots <= 14 else 6.0 if knots <= 23 else 2.0
    return 30.0 if knots > 2 else 180.0


def _sent(
    draw: random.Random,
    boat: Boat,
    ahead_m: float,
    clip_s: float,
    common: tuple[float, float],
    delay_s: float,
    clocked: bool,
) -> list[ShipReport]:
    fixed = (common[0] + draw.gauss(0, 3), common[1] + draw.gauss(0, 3))
    gap = (0.0, 0.0)
    if draw.random() < 0.3:
        begins = draw.uniform(-100, clip_s)
        gap = (begins, begins + draw.uniform(60, 200))
    reports, t = [], -LEAD_S + draw.uniform(0, _interval_s(boat))
    assert boat.mmsi is not None
    while t < clip_s + LEAD_S:
        if draw.random() >= 0.2 and not gap[0] <= t < gap[1]:
            east, north, course = boat.at(t)
            east += ahead_m * math.sin(math.radians(course)) + fixed[0] + draw.gauss(0, 1)
            north += ahead_m * math.cos(math.radians(course)) + fixed[1] + draw.gauss(0, 1)
            slow = boat.speed_mps < 0.7
            told_course = draw.uniform(0, 360) if slow else (course + draw.gauss(0, 3)) % 360
            late = draw.uniform(0, 1) + delay_s
            reports.append(ShipReport(
                mmsi=boat.mmsi, source="receiver",
                epoch_s=BEGINS.timestamp() + (math.floor(t) if clocked else math.floor(t + late)),
                latitude=round((PLANE.latitude + north / METRES_NORTH) * 600_000) / 600_000,
                longitude=round((PLANE.longitude + east / METRES_EAST) * 600_000) / 600_000,
                speed_mps=round(max(0.0, boat.speed_mps + draw.gauss(0, 0.1)) / KNOT_MPS, 1) * KNOT_MPS,
                course_deg=round(told_course, 1) % 360,
                heading_deg=course if boat.class_a and draw.random() < 0.5 else None, clocked=clocked,
            ))  # fmt: skip
        t += _interval_s(boat) * draw.uniform(0.9, 1.1)
    return reports


def _said(draw: random.Random, boat: Boat, ahead_m: float) -> ShipParticulars | None:
    if draw.random() < 0.4:
        return None
    bow = round(boat.length_m / 2 - ahead_m)
    stern = max(0, round(boat.length_m) - bow)
    if draw.random() < 0.25:
        bow, stern = draw.choice(((stern, bow), (0, bow + stern), (bow + 15, stern + 10)))
    assert boat.mmsi is not None
    return ShipParticulars(boat.mmsi, f"BOAT {boat.mmsi % 1000}", float(bow), float(stern), 2.0, 2.0)
