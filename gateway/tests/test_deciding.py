"""When a wrong moment becomes a violation, and when it does not."""

import asyncio
import itertools
from dataclasses import replace

import pytest
from gateway_scenes import At, request, steady
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.judgement import Verdict
from wideberth_gateway.rules import LocalJudge, load_pack

V, C, N = Verdict.VIOLATION, Verdict.COMPLIANT, Verdict.CANNOT_JUDGE
PACK = load_pack("kr")
JUDGE = LocalJudge(lambda _: PACK)
NEAR, FAR = At(30), At(200)
UNDER_WATER = replace(NEAR, animal_age_s=1.0)
SOMEWHERE = At(30, 25, animal_age_s=4.0)
CARRIED_ON = replace(NEAR, craft_seen=False)


def findings(moments, **more):
    answer = asyncio.run(JUDGE.judge(request({"v1": moments}, **more)))
    return {one.rule: one for encounter in answer.encounters for one in encounter.findings}


TIMES = [
    pytest.param([FAR] * 10 + [NEAR] * 6 + [FAR] * 10, V, id="1.0 s without a break"),
    pytest.param([FAR] * 10 + [NEAR] * 5 + [FAR] * 10, N, id="0.8 s is too short"),
    pytest.param([NEAR] * 4 + [FAR] + [NEAR] * 4, N, id="a break starts the clock anew"),
    pytest.param([NEAR] * 4 + [At(49, 3)] + [NEAR] * 4, N, id="a moment in doubt is a break"),
    pytest.param([NEAR] * 3 + [UNDER_WATER] * 8 + [NEAR] * 3, V, id="surely near while under water bridges"),
    pytest.param([NEAR] * 3 + [SOMEWHERE] * 8 + [NEAR] * 3, N, id="perhaps near while under water does not"),
    pytest.param([NEAR] * 3 + [SOMEWHERE] * 4 + [NEAR] * 3, V, id="a gap of 1.0 s in the samples is borne"),
    pytest.param([UNDER_WATER] * 30, N, id="an unseen animal proves nothing"),
    pytest.param([CARRIED_ON] * 30, N, id="an unseen craft proves nothing"),
    pytest.param([NEAR] + [UNDER_WATER] * 30 + [NEAR], N, id="two frames are too few"),
    pytest.param([UNDER_WATER] * 9 + [NEAR] * 3 + [UNDER_WATER] * 9, N, id="unseen moments do not lengthen"),
    pytest.param([FAR] * 2 + [UNDER_WATER] * 0, N, id="two frames are too few for compliant"),
    pytest.param([FAR] * 3, C, id="three frames are enough for compliant"),
    pytest.param([FAR] * 20 + [At(60, 30, animal_age_s=5.0)] * 10, C, id="under water is not judged"),
    pytest.param([FAR] * 20 + [At(52, 3)], N, id="one moment in doubt spoils compliant"),
]


@pytest.mark.parametrize(("moments", "expected"), TIMES)
def test_duration_and_frames(moments, expected):
    assert findings(moments)["KR-1"].verdict is expected


def test_cannot_judge_names_the_error():
    reason = findings(steady(At(49, 6.5)))["KR-1"].reason
    assert "crosses the limit of 50 m" in reason
    assert "± 6.5 m" in reason


def test_cannot_judge_names_what_is_missing():
    assert "no speed" in findings(steady(At(150, 5, None)))["KR-2"].reason
    assert "unseen" in findings([UNDER_WATER] * 30)["KR-1"].reason


def test_the_propeller_rule_says_under_way_and_never_engine_on():
    reason = findings(steady(At(150, 5, 8)))["KR-2"].reason
    assert "under way" in reason
    assert "engine" not in reason


def test_a_violation_says_when_how_long_and_how_sure():
    one = findings([FAR] * 10 + [NEAR] * 11 + [FAR] * 10)["KR-1"]
    assert (one.start_s, one.end_s, one.duration_s) == pytest.approx((2.0, 4.0, 2.0))
    assert one.start.isoformat() == "2026-08-01T03:00:02+00:00"
    assert (one.measured, one.interval_95.low, one.interval_95.high, one.threshold) == (30, 28, 32, 50)
    assert one.decisive_pts == tuple(range(60, 121, 6))


def test_decisive_frames_are_at_most_twenty_with_first_and_last():
    pts = findings(steady(NEAR, 500))["KR-1"].decisive_pts
    assert (len(pts), pts[0], pts[-1]) == (20, 0, 499 * 6)


moments = st.lists(
    st.builds(
        At,
        distance_m=st.floats(0, 1600),
        error_m=st.floats(0, 60),
        speed_kn=st.one_of(st.none(), st.floats(0, 20)),
        speed_error_kn=st.floats(0, 3),
        craft_seen=st.booleans(),
        animal_age_s=st.sampled_from([0.0, 0.0, 0.0, 0.4, 3.0]),
    ),
    min_size=1,
    max_size=12,
).flatmap(lambda few: st.integers(1, 8).map(lambda times: [at for at in few for _ in range(times)]))


@given(moments=moments, wider=st.lists(st.floats(1, 4), min_size=20, max_size=20))
@settings(max_examples=60, deadline=None)
def test_widening_never_makes_a_violation(moments, wider):
    before = findings(moments)
    widened = [
        replace(at, error_m=at.error_m * grow, speed_error_kn=at.speed_error_kn * grow)
        for at, grow in zip(moments, itertools.cycle(wider), strict=False)
    ]
    for rule, after in findings(widened).items():
        if after.verdict is V:
            assert before[rule].verdict is V


@given(moments=moments, shift_m=st.floats(0, 100))
@settings(max_examples=40, deadline=None)
def test_coming_nearer_never_lifts_a_violation_of_the_distance(moments, shift_m):
    """The same errors at a smaller distance: wholly inside stays wholly inside."""
    before = findings(moments)
    nearer = [replace(at, distance_m=max(0.0, at.distance_m - shift_m)) for at in moments]
    if "KR-1" in before and before["KR-1"].verdict is V:
        assert findings(nearer)["KR-1"].verdict is V


@given(moments=moments, frames=st.integers(1, 50))
@settings(max_examples=25, deadline=None)
def test_a_shift_in_time_changes_no_verdict(moments, frames):
    """The same moments later, after a stretch far from any band, get the same verdicts where a rule has a say."""
    before = {rule: one.verdict for rule, one in findings(moments).items() if one.verdict is V}
    far = [At(1550, 1, animal_age_s=1.0, craft_seen=False)] * frames
    after = findings(far + moments)
    assert {rule: after[rule].verdict for rule in before} == before
