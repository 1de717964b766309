"""A rule that cannot fire must not stand unnoticed: every enabled rule of every pack has a scene that breaks it."""

import asyncio
import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from at_sea import Path, Sea, pod, still, straight

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import Verdict
from wideberth_contracts.known import AnimalState, CraftClassed, Known, Species, StateSeen
from wideberth_gateway.rules import LocalJudge, list_packs, load_pack
from wideberth_gateway.rules.catalogue import list_versions
from wideberth_gateway.rules.numbers import Band
from wideberth_gateway.rules.primitives import (
    EncounterRule,
    OwnRule,
    conduct,
    count,
    distance,
    own_flight,
    path,
    sector,
)
from wideberth_gateway.rules.primitives import speed as speeds
from wideberth_gateway.rules.primitives.time_place import Hours, MaxStay

BY = {"by": "reviewer"}
ONE = {"d1": still(0, 0)}
NORTH = pod()
KNOT = 1852 / 3600

ENABLED = [
    pytest.param(f"{pack_id}@{version}", rule.id, id=f"{pack_id}@{version}-{rule.id}")
    for pack_id in list_packs()
    for version in list_versions(pack_id)
    for pack in [load_pack(f"{pack_id}@{version}")]
    for rule in (*pack.encounter_rules(), *pack.own_rules())
]


def in_the_middle(band: Band) -> float:
    inner = band.inner_m.value if band.inner_m else 0.0
    return (inner + band.outer_m.value) / 2


def around(number: int, radius_m: float) -> dict[str, Path]:
    turns = [2 * math.pi * k / number for k in range(number)]
    return {f"v{k}": still(radius_m * math.sin(a), radius_m * math.cos(a)) for k, a in enumerate(turns, 1)}


def near(rule: distance.DistanceRule) -> Sea:
    states = tuple(StateSeen(state=state, present=True, **BY) for state in AnimalState)
    craft_class = getattr(rule, "craft_class", "")
    classes = (CraftClassed(craft_track="v1", craft_class=craft_class, **BY),) if craft_class else ()
    kind = ObjectKind.JET_SKI if craft_class == "jet_ski" else ObjectKind.VESSEL
    known = Known(states=states, craft_classes=classes)
    return Sea({"v1": still(rule.limit_m.value / 2, 0)}, ONE, seconds=4, known=known, kind=kind)


def fast(rule: speeds.SpeedMaxInBand) -> Sea:
    mps = 2 * rule.max_kn.value * KNOT + 2
    return Sea({"v1": straight(-2 * mps, in_the_middle(rule.band), mps, 0)}, ONE, seconds=4)


def faster_than_animals(rule: speeds.RelativeSpeedMax) -> Sea:
    mps = 1.5 + rule.plus_kn.value * KNOT + 3
    return Sea({"v1": straight(in_the_middle(rule.band), 0, 0, mps)}, NORTH, seconds=10)


def under_way(rule: speeds.StopRule) -> Sea:
    seconds = getattr(rule, "time_to_stop_s", None).value + 10 if hasattr(rule, "time_to_stop_s") else 4
    return Sea({"v1": straight(-2.0 * seconds, in_the_middle(rule.ring()), 4, 0)}, ONE, seconds=seconds)


def crowd(rule: count.CountWithin) -> Sea:
    return Sea(around(int(rule.forbidden_from.value), rule.within_m.value / 2), ONE, seconds=4)


def late(rule: count.AlreadyThere) -> Sea:
    radius = rule.within_m.value
    others = {f"w{k}": place for k, place in around(int(rule.already.value), radius / 2).items()}
    arriving: Path = lambda t: (max(radius / 2 + 10, radius + 60 - 20 * t), 0.0)  # noqa: E731
    return Sea({"v1": arriving, **others}, ONE, seconds=radius / 40 + 10)


def from_a_sector(rule: sector.NoSector) -> Sea:
    off = 0.9 * rule.within_m.value
    ahead = rule.ahead_half_deg is not None or rule.only_behind_deg is not None
    craft = straight(0, off, 0, -1.5) if ahead else straight(0, -off, 0, 4.5)
    return Sea({"v1": craft}, NORTH if off > 60 else pod(spread_m=1), seconds=8, error_m=0.3)


def across(rule: path.NoPathCrossing) -> Sea:
    return Sea({"v1": straight(-60, min(80, rule.within_m.value / 2), 6, 1.5)}, NORTH, seconds=20)


def leapfrog(rule: conduct.NoInterception) -> Sea:
    ahead = 0.85 * rule.within_m.value

    def craft(t: float) -> tuple[float, float]:
        return (20 - 20 * t / 15, (22.5 + ahead) * t / 15) if t < 15 else (0.0, 22.5 + ahead)

    return Sea({"v1": craft}, pod(spread_m=2), seconds=30, error_m=0.5)


def following(rule: conduct.NoPursuit) -> Sea:
    seconds = rule.following_s.value + 20
    return Sea({"v1": straight(0, -40, 0, 1.5)}, NORTH, seconds=seconds, frame_s=0.5 if seconds < 200 else 2.0)


def ringed(rule: conduct.NoEncirclement) -> Sea:
    return Sea(around(5, rule.within_m.value / 2), ONE, seconds=4)


def long_stay(rule: MaxStay) -> Sea:
    seconds = rule.max_min.value * 60 + 30
    return Sea({"v1": still(in_the_middle(rule.band), 0)}, ONE, seconds=seconds, frame_s=1.0)


def at_night(rule: Hours) -> Sea:
    night = datetime(2026, 8, 1, 0, 0, tzinfo=UTC)
    return Sea({"v1": still(rule.within_m.value / 2, 0)}, ONE, seconds=4, starts_at=night)


def low_drone(rule: OwnRule) -> Sea:
    return Sea({"v1": still(500, 0)}, ONE, seconds=4, heights_m=(10.0, 1.0))


BREAKING = (
    (distance.DistanceRule, near),
    (speeds.SpeedMaxInBand, fast),
    (speeds.RelativeSpeedMax, faster_than_animals),
    (speeds.StopRule, under_way),
    (count.CountWithin, crowd),
    (count.AlreadyThere, late),
    (sector.NoSector, from_a_sector),
    (path.NoPathCrossing, across),
    (path.NoPodTransit, lambda _rule: Sea({"v1": straight(-60, 0, 6, 0)}, pod(0, 0, 20), seconds=20)),
    (conduct.NoInterception, leapfrog),
    (conduct.NoPursuit, following),
    (conduct.NoEncirclement, ringed),
    (MaxStay, long_stay),
    (Hours, at_night),
    (own_flight.OwnRule, low_drone),
)


@pytest.mark.parametrize(("name", "rule_id"), ENABLED)
def test_every_enabled_rule_has_a_scene_that_breaks_it(name, rule_id):
    pack = load_pack(name)
    rule = pack.rule(rule_id)
    assert isinstance(rule, (EncounterRule, OwnRule))
    sea: Sea = next(scene for kind, scene in BREAKING if isinstance(rule, kind))(rule)
    species: Species = (rule.species or pack.species)[0]
    if pack.valid_until:
        sea = replace(sea, starts_at=datetime(2024, 8, 1, 3, 0, tzinfo=UTC))
    sea = replace(sea, known=sea.known.model_copy(update={"species": species}))
    alone = pack.model_copy(update={"rules": (rule,)})
    answer = asyncio.run(LocalJudge(lambda _: alone).judge(sea.request()))
    found = [one for encounter in answer.encounters for one in encounter.findings] + list(answer.own_conduct)
    assert Verdict.VIOLATION in {one.verdict for one in found}, [one.reason for one in found]
