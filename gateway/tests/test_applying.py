"""Exceptions, days, areas, species: what turns a verdict without deleting it, and what is said beside it."""

import asyncio
from datetime import UTC, datetime

import pytest
from at_sea import ORIGIN, Sea, still
from hypothesis import given, settings
from hypothesis import strategies as st
from primitive_scenes import HEAD, STAYS, boat, n

from wideberth_contracts.errors import BadRulePack
from wideberth_contracts.judgement import JudgeAnswer, Missing, Verdict
from wideberth_contracts.known import DRONE, ExceptionClaim, ExceptionKind, Known, Species
from wideberth_gateway.judging import rows
from wideberth_gateway.rules import LocalJudge, load_pack
from wideberth_gateway.rules.applying import in_force
from wideberth_gateway.rules.areas import Area, Corner
from wideberth_gateway.rules.reading_packs import read_pack

V, C, N = Verdict.VIOLATION, Verdict.COMPLIANT, Verdict.CANNOT_JUDGE
RULE = f"    limit_m: {n(50)}\n    inclusive: true\n"
ADMITS = """\
exceptions:
  - {kind: safety, says: danger at sea, evidence: P, source: a statute, rules: [XX-1]}
  - {kind: animal_approached, says: remembered, evidence: M, source: nobody knows}
"""
NEAR = boat(still(30, 0), animals=STAYS, seconds=4)


def pack(extra: str = "", head: str = HEAD):
    return read_pack((head.format(type="min_distance") + RULE + extra).encode(), "xx.yaml")


def judge(with_pack, sea: Sea) -> JudgeAnswer:
    return asyncio.run(LocalJudge(lambda _: with_pack).judge(sea.request()))


def claimed(kind: ExceptionKind, **changes: object) -> Sea:
    claim = ExceptionClaim(kind=kind, craft_track="v1", says="engine failed", by="reviewer").model_copy(update=changes)
    return boat(still(30, 0), animals=STAYS, seconds=4, known=Known(exceptions=(claim,)))


def test_an_admitted_exception_turns_the_verdict_and_keeps_everything():
    plain = judge(pack(ADMITS), NEAR).encounters[0].findings[0]
    turned = judge(pack(ADMITS), claimed(ExceptionKind.SAFETY)).encounters[0].findings[0]
    assert (plain.verdict, turned.verdict, turned.turned_from) == (V, C, V)
    kept = {"decisive_pts", "measured", "interval_95", "start_s", "end_s", "threshold"}
    assert {name: getattr(turned, name) for name in kept} == {name: getattr(plain, name) for name in kept}
    assert plain.reason in turned.reason
    assert turned.exceptions[0].admitted


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        pytest.param(ExceptionKind.RESEARCH_PERMIT, {}, id="not named by the law"),
        pytest.param(ExceptionKind.ANIMAL_APPROACHED, {}, id="named from memory"),
    ],
)
def test_an_exception_that_the_law_does_not_name_is_recorded_without_effect(kind, changes):
    found = judge(pack(ADMITS), claimed(kind, **changes)).encounters[0].findings[0]
    assert (found.verdict, found.turned_from) == (V, None)
    assert [one.admitted for one in found.exceptions] == [False]
    assert found.exceptions[0].claim.says == "engine failed"


@pytest.mark.parametrize(
    "changes", [{"craft_track": "v2"}, {"group": "g9"}, {"rules": ("XX-2",)}, {"start_s": 2.0}, {"end_s": 1.0}]
)
def test_a_claim_for_something_else_is_not_recorded_here(changes):
    found = judge(pack(ADMITS), claimed(ExceptionKind.SAFETY, **changes)).encounters[0].findings[0]
    assert (found.verdict, found.exceptions) == (V, ())


def test_korea_names_no_exception_for_dolphins_that_come():
    sea = claimed(ExceptionKind.ANIMAL_APPROACHED)
    found = judge(load_pack("kr"), sea).encounters[0].findings[0]
    assert (found.rule, found.verdict, found.exceptions[0].admitted) == ("KR-1", V, False)


def test_a_permit_turns_what_the_drone_did():
    permit = ExceptionClaim(kind=ExceptionKind.RESEARCH_PERMIT, craft_track=DRONE, says="permit 7", by="reviewer")
    low = {"heights_m": (60, 1.0), "animals": STAYS, "seconds": 4}
    without = judge(load_pack("nz"), boat(still(30, 0), **low)).own_conduct
    with_it = judge(load_pack("nz"), boat(still(30, 0), known=Known(exceptions=(permit,)), **low)).own_conduct
    assert [(one.rule, one.verdict) for one in without] == [("NZ-10", V)]
    assert [(one.rule, one.verdict, one.turned_from) for one in with_it] == [("NZ-10", C, V)]


def test_a_law_is_not_applied_to_a_day_before_it():
    sea = boat(still(30, 0), animals=STAYS, seconds=4, starts_at=datetime(2019, 12, 31, 3, 0, tzinfo=UTC))
    found = judge(pack(), sea).encounters[0].findings[0]
    assert (found.verdict, found.missing, found.turned_from) == (N, Missing.NOT_IN_FORCE, V)
    ended = pack("", HEAD.replace("valid_from: 2020-01-01", "valid_from: 2000-01-01\nvalid_until: 2019-12-30"))
    assert judge(ended, sea).encounters[0].findings[0].verdict is N


def square(half_deg: float, away_deg: float = 0.0) -> str:
    corners = ", ".join(
        f"{{latitude: {ORIGIN[0] + away_deg + a * half_deg}, longitude: {ORIGIN[1] + b * half_deg}}}"
        for a, b in ((-1, -1), (-1, 1), (1, 1), (1, -1))
    )
    return f"area: {{name: a bay, outline: [{corners}], evidence: P, source: a chart}}\n"


@pytest.mark.parametrize(
    ("area", "expected"), [(square(0.01), V), (square(0.01, 0.1), N), (square(0.01, 0.01), N), ("", V)]
)
def test_a_law_holds_inside_its_area(area, expected):
    assert judge(pack(area), NEAR).encounters[0].findings[0].verdict is expected


@pytest.mark.parametrize(("area", "expected"), [(square(0.01), V), (square(0.01, 0.1), N), (square(0.01, 0.01), N)])
def test_a_rule_of_a_part_holds_there_alone(area, expected):
    part = f"    holds_in:{area.removeprefix('area:')}"
    found = judge(pack(part), NEAR).encounters[0].findings[0]
    assert found.verdict is expected
    if expected is N:
        assert (found.missing, found.turned_from) == (Missing.NOT_IN_FORCE, V)


def test_a_rule_of_a_part_is_not_judged_where_the_place_is_not_known():
    made = pack(f"    holds_in:{square(0.01).removeprefix('area:')}")
    finding = judge(pack(), NEAR).encounters[0].findings[0]
    turned = in_force(finding, made, None)
    assert (turned.verdict, turned.missing) == (N, Missing.NOT_IN_FORCE)
    assert "where this was is not known" in turned.reason
    assert in_force(finding, pack(square(0.01)), None) == finding, "the whole law's area is only noted"


def test_a_rule_of_a_part_without_an_outline_cannot_be_on():
    part = "    holds_in: {name: a bay, absent: no outline, evidence: P, source: a chart}\n"
    with pytest.raises(BadRulePack, match="without its outline"):
        pack(part)
    assert not pack(part + "    enabled: false\n").rules[0].enabled


def test_what_was_not_checked_is_said():
    answer = judge(load_pack("nz"), boat(still(30, 0), animals=STAYS, seconds=4, starts_at=None))
    assert answer.species is Species.DOLPHIN
    assert any("nobody said what animals" in note for note in answer.notes)
    assert any("waters of New Zealand" in note for note in answer.notes)
    assert any("since when" in note for note in answer.notes)


def test_rules_speak_of_their_own_animals():
    def rules_of(species: Species | None) -> set[str]:
        answer = judge(load_pack("nz"), boat(still(30, 0), animals=STAYS, seconds=4, known=Known(species=species)))
        return {one.rule for one in answer.encounters[0].findings}

    assert "NZ-6" not in rules_of(None)
    assert "NZ-6" in rules_of(Species.HUMPBACK_WHALE)
    assert "NZ-4" in rules_of(Species.SPINNER_DOLPHIN)
    assert "NZ-4" not in rules_of(Species.WHALE)


def test_time_in_bands_and_the_pods_edge_are_kept():
    encounter = judge(load_pack("kr"), boat(still(100, 0), animals=STAYS, seconds=10)).encounters[0]
    bands = {(one.inner_m, one.outer_m): one for one in encounter.bands}
    assert set(bands) == {(None, 50), (50, 300), (None, 300), (300, 750), (750, 1500)}
    assert bands[50, 300].surely_s == pytest.approx(9.8)
    assert bands[None, 50].possibly_s == 0.0
    assert encounter.closest_pod_m == pytest.approx(96.0)
    assert encounter.closest_pod_interval_95_m.low == pytest.approx(95.0)


def test_rows_carry_what_decided():
    row = rows(judge(pack(ADMITS), claimed(ExceptionKind.SAFETY)))[0]
    assert (row["verdict"], row["turned_from"], row["missing"]) == ("compliant", "violation", None)
    assert row["exceptions"][0]["claim"]["by"] == "reviewer"
    assert row["decisive_pts"][0] == 0


@given(east=st.floats(-0.02, 0.02), north=st.floats(-0.02, 0.02))
@settings(max_examples=100, deadline=None)
def test_depth_in_a_square_is_the_distance_to_its_nearest_edge(east, north):
    corners = [Corner(latitude=a, longitude=b) for a, b in ((-0.01, -0.01), (-0.01, 0.01), (0.01, 0.01), (0.01, -0.01))]
    area = Area(name="a square", outline=tuple(corners), evidence="P", source="a chart")
    inside = min(0.01 - abs(east), 0.01 - abs(north))
    found = area.depth_m(north, east)
    assert (found > 0) == (inside > 0) or abs(inside) < 1e-9
    if inside > 0:
        assert found == pytest.approx(inside * 111_194.93, rel=1e-4, abs=0.01)
