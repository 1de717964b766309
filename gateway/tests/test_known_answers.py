"""Known answers: for every rule a scene that must break it, one that must not, and one that cannot be told."""

import asyncio

import pytest
from gateway_scenes import At, request, steady, track

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.judgement import Finding, JudgeAnswer, Verdict
from wideberth_contracts.poses import TelemetryGrade
from wideberth_contracts.tracks import TrackState
from wideberth_gateway.rules import LocalJudge, load_pack

V, C, N = Verdict.VIOLATION, Verdict.COMPLIANT, Verdict.CANNOT_JUDGE


def judge(asked) -> JudgeAnswer:
    return asyncio.run(LocalJudge().judge(asked))


def finding(rule: str, answer: JudgeAnswer, craft: str = "v1") -> Finding | None:
    encounter = next(one for one in answer.encounters if one.craft_track == craft)
    return next((one for one in encounter.findings if one.rule == rule), None)


def verdict(rule: str, moments, **more) -> Verdict | None:
    found = finding(rule, judge(request({"v1": moments}, **more)))
    return found.verdict if found else None


ONE_CRAFT = [
    pytest.param("KR-1", At(30), V, id="30 m is too near"),
    pytest.param("KR-1", At(48, 2), V, id="50 m itself is too near"),
    pytest.param("KR-1", At(48, 2.1), N, id="upper bound beyond 50 m"),
    pytest.param("KR-1", At(52, 2), N, id="lower bound exactly 50 m"),
    pytest.param("KR-1", At(52.1, 2), C, id="lower bound beyond 50 m"),
    pytest.param("KR-1", At(400), C, id="far away"),
    pytest.param("KR-2", At(150, 5, 8), V, id="under way inside 300 m"),
    pytest.param("KR-2", At(150, 5, 0.5), C, id="adrift inside 300 m"),
    pytest.param("KR-2", At(150, 5, 2.5, 0.2), N, id="between drift and way"),
    pytest.param("KR-2", At(150, 5, 3.2, 0.5), N, id="way within the error of drift"),
    pytest.param("KR-2", At(150, 5, None), N, id="no speed"),
    pytest.param("KR-2", At(295, 5, 8), V, id="upper bound on the outer edge is inside"),
    pytest.param("KR-2", At(296, 5, 8), N, id="outer edge in doubt"),
    pytest.param("KR-2", At(54, 5, 8), N, id="inner edge in doubt"),
    pytest.param("KR-2", At(55.1, 5, 8), V, id="lower bound beyond the inner edge"),
    pytest.param("KR-2", At(305.1, 5, 8), None, id="outside the band"),
    pytest.param("KR-2", At(30, 5, 8), None, id="inside 50 m is the matter of KR-1"),
    pytest.param("KR-3", At(500, 20, 8), V, id="8 kn at 500 m"),
    pytest.param("KR-3", At(500, 20, 5, 0.0), C, id="exactly 5 kn is allowed"),
    pytest.param("KR-3", At(500, 20, 5.3, 0.3), N, id="lower bound exactly 5 kn"),
    pytest.param("KR-3", At(500, 20, 5.4, 0.3), V, id="lower bound above 5 kn"),
    pytest.param("KR-3", At(500, 20, 4.7, 0.3), C, id="upper bound exactly 5 kn"),
    pytest.param("KR-3", At(310, 20, 8), N, id="inner edge in doubt"),
    pytest.param("KR-3", At(310, 20, 3), C, id="inner edge in doubt, slow either way"),
    pytest.param("KR-3", At(320.1, 20, 8), V, id="surely beyond 300 m"),
    pytest.param("KR-3", At(730, 20, 8), V, id="upper bound exactly 750 m"),
    pytest.param("KR-3", At(740, 20, 8), N, id="outer edge in doubt"),
    pytest.param("KR-3", At(780, 20, 8), None, id="outside the band"),
    pytest.param("KR-4", At(1000, 40, 15), V, id="15 kn at 1,000 m"),
    pytest.param("KR-4", At(1000, 40, 8), C, id="8 kn at 1,000 m"),
    pytest.param("KR-4", At(1000, 40, 10, 0.0), C, id="exactly 10 kn is allowed"),
    pytest.param("KR-4", At(1000, 40, 10, 1.0), N, id="10 kn give or take one"),
    pytest.param("KR-4", At(780, 40, 15), N, id="inner edge in doubt"),
    pytest.param("KR-4", At(1460, 40, 15), V, id="upper bound exactly 1,500 m"),
    pytest.param("KR-4", At(1480, 40, 15), N, id="outer edge in doubt"),
]


@pytest.mark.parametrize(("rule", "at", "expected"), ONE_CRAFT)
def test_one_craft(rule, at, expected):
    assert verdict(rule, steady(at)) is expected


def crafts(*distances_m: float, error_m: float = 5.0):
    return {f"v{number}": steady(At(distance, error_m)) for number, distance in enumerate(distances_m, start=1)}


COUNTS = [
    pytest.param("KR-5a", (100, 120), C, id="two are allowed"),
    pytest.param("KR-5a", (100, 120, 140), V, id="three on the ministry's reading"),
    pytest.param("KR-5b", (100, 120, 140), C, id="three on both readings"),
    pytest.param("KR-5b", (100, 120, 140, 160), V, id="four on both readings"),
    pytest.param("KR-5b", (100, 120, 140, 295), V, id="upper bound of the fourth exactly 300 m"),
    pytest.param("KR-5b", (100, 120, 140, 296), N, id="the fourth may be outside"),
    pytest.param("KR-5b", (100, 120, 140, 306), C, id="the fourth is surely outside"),
    pytest.param("KR-5a", (100, 120, 296), N, id="the third may be outside"),
    pytest.param("KR-5a", (320, 100, 120, 140), None, id="the craft itself is outside"),
]


@pytest.mark.parametrize(("rule", "distances_m", "expected"), COUNTS)
def test_craft_at_once(rule, distances_m, expected):
    found = finding(rule, judge(request(crafts(*distances_m))))
    assert (found.verdict if found else None) is expected


def test_three_craft_are_advisory_and_four_are_not():
    answer = judge(request(crafts(100, 120, 140, 160)))
    assert finding("KR-5a", answer).advisory
    assert not finding("KR-5b", answer).advisory


def test_craft_near_another_group_may_be_near_this_one_too():
    """Two beside one group and one beside another: whether the third is near the first group is not known."""
    moments = {"v1": steady(At(100)), "v2": steady(At(120)), "v3": steady(At(140, animal="d2"))}
    asked = request(moments, dolphins=("d1",))
    elsewhere = track("d2", ObjectKind.DOLPHIN, 20, east_m=900.0)
    answer = judge(asked.model_copy(update={"tracks": (*asked.tracks, elsewhere)}))
    assert finding("KR-5a", answer).verdict is N
    assert finding("KR-5b", answer).verdict is C


def test_craft_at_different_times_are_not_counted_together():
    here, gone = At(100), At(1400)
    turns = {f"v{n}": [here if index // 10 == n else gone for index in range(40)] for n in range(4)}
    answer = judge(request(turns))
    assert {finding("KR-5a", answer, craft).verdict for craft in turns} == {C}


OWN = [
    pytest.param((60, 1.0), C, id="60 m"),
    pytest.param((20, 1.0), V, id="20 m"),
    pytest.param((30, 0.0), V, id="exactly 30 m is too low"),
    pytest.param((30.01, 0.0), C, id="just above"),
    pytest.param((32, 1.5), N, id="32 m does not prove it"),
    pytest.param((33, 1.5), C, id="33 m proves it"),
]


@pytest.mark.parametrize(("height_m", "expected"), OWN)
def test_own_conduct(height_m, expected):
    answer = judge(request({}, heights_m=steady(height_m)))
    assert [(one.rule, one.verdict) for one in answer.own_conduct] == [("KR-6", expected)]


def test_own_conduct_is_silent_without_animals():
    assert judge(request({}, heights_m=steady((20, 1.0)), dolphins=())).own_conduct == ()


def test_every_enabled_rule_has_a_scene_that_breaks_it():
    """A rule that cannot fire must not stand unnoticed."""
    pack = load_pack("kr")
    broken = {case.values[0] for case in (*ONE_CRAFT, *COUNTS) if case.values[2] is V} | {"KR-6"}
    assert {rule.id for rule in (*pack.encounter_rules(), *pack.own_rules())} <= broken


def test_silent_without_a_vessel():
    assert judge(request({}, heights_m=steady((60, 1.0)))).encounters == ()


def test_silent_beyond_the_reach_of_every_rule():
    assert judge(request({"v1": steady(At(2000, 100, 20))})).encounters == ()


def test_grade_c_never_says_more_than_cannot_judge():
    answer = judge(request({"v1": steady(At(30))}, grade=TelemetryGrade.C))
    assert {one.verdict for one in answer.encounters[0].findings} == {N}
    assert "grade C" in answer.encounters[0].findings[0].reason


def test_a_rejected_craft_is_no_craft():
    asked = request({"v1": steady(At(30))})
    tracks = tuple(
        one.model_copy(update={"state": TrackState.REJECTED}) if one.id == "v1" else one for one in asked.tracks
    )
    assert judge(asked.model_copy(update={"tracks": tracks})).encounters == ()
