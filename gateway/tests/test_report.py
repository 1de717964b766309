"""The words and pages of a report, and the parts of an error."""

import re
import string
from datetime import UTC, datetime

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pylopdf_fonts_ko import sans_path

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.positions import Covariance2, EastNorth, ErrorSource, Position, SharedTerm
from wideberth_contracts.tracks import Track, TrackPoint, TrackState
from wideberth_gateway.evidence.error_budget import ellipse_95, error_budget
from wideberth_gateway.evidence.pages import Pages
from wideberth_gateway.evidence.report_words import every_key, word
from wideberth_gateway.wording.language import Language


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", every_key())
def test_both_languages_say_it_with_the_same_numbers(key):
    english, korean = word(key, Language.ENGLISH), word(key, Language.KOREAN)
    assert english.strip()
    assert korean.strip()
    assert placeholders(english) == placeholders(korean)
    assert not re.search("[가-힣]", english)
    assert re.search("[가-힣]", korean)


def test_the_font_has_every_sign_of_every_word():
    known = set(TTFont(sans_path()).getBestCmap())
    for key in every_key():
        for language in Language:
            missing = {sign for sign in word(key, language) if ord(sign) not in known}
            assert not missing, (key, missing)


def test_a_long_fact_is_not_torn_and_the_font_is_inside(tmp_path):
    pages = Pages("제목", "경보 1", "{page} / {pages} 쪽", datetime.now(UTC), "ko")
    for number in range(30):
        pages.facts([(f"항목 {number}", "가나다 " * 60)])
    pages.save(tmp_path / "report.pdf")
    content = (tmp_path / "report.pdf").read_bytes()
    assert b"/FontFile" in content
    assert int(re.search(rb"/Count (\d+)", content)[1]) == 4


def at(east_m: float, north_m: float, *, height: tuple[float, float], own_m2: float) -> Position:
    plus = EastNorth(east_m=height[0], north_m=height[1])
    minus = EastNorth(east_m=-height[0], north_m=-height[1])
    return Position(
        east_m=east_m,
        north_m=north_m,
        shared=(SharedTerm(source=ErrorSource.HEIGHT, plus=plus, minus=minus),),
        own=Covariance2(east_east=own_m2, east_north=0.0, north_north=own_m2),
    )


def track(name: str, kind: ObjectKind, where: Position, outline: tuple[Position, ...] = ()) -> Track:
    point = TrackPoint(t_s=1.0, pts=1, observed=True, position=where, outline=outline)
    return Track(id=name, kind=kind, state=TrackState.CONFIRMED, points=(point,))


FINITE = st.floats(-200, 200)


@settings(deadline=None)
@given(FINITE, FINITE, FINITE, FINITE)
def test_an_error_that_moves_both_alike_is_no_error_of_the_distance(east_m, north_m, to_east, to_north):
    move = (to_east, to_north)
    boat = track("v1", ObjectKind.VESSEL, at(0, 0, height=move, own_m2=0.0))
    animal = track("d1", ObjectKind.DOLPHIN, at(east_m, north_m, height=move, own_m2=0.0))
    budget = error_budget([boat, animal], "v1", "d1", 1.0, 0.0)
    assert budget.together_m == pytest.approx(0.0, abs=1e-9)


def test_shares_add_up_in_squares_along_the_line():
    boat = track("v1", ObjectKind.VESSEL, at(0, 0, height=(0, 0), own_m2=9.0))
    animal = track("d1", ObjectKind.DOLPHIN, at(100, 0, height=(2, 5), own_m2=16.0))
    budget = error_budget([boat, animal], "v1", "d1", 1.0, 6.0)
    assert {share.source: share.sigma_m for share in budget.shares} == pytest.approx(
        {"animal_own": 4.0, "vessel_own": 3.0, "height": 2.0}, abs=0.01
    )
    assert budget.together_m == pytest.approx(29**0.5, abs=0.01)
    assert budget.rest_m == pytest.approx((36 - 29) ** 0.5, abs=0.01)


def test_the_distance_runs_from_the_nearest_point_of_the_hull():
    corners = [(-10, -2), (10, -2), (10, 2), (-10, 2)]
    hull = tuple(at(east, north, height=(0, 0), own_m2=1.0) for east, north in corners)
    boat = track("v1", ObjectKind.VESSEL, at(0, 0, height=(0, 0), own_m2=1.0), hull)
    animal = track("d1", ObjectKind.DOLPHIN, at(4, 30, height=(0, 0), own_m2=0.0))
    assert error_budget([boat, animal], "v1", "d1", 1.0, 1.0).separation_m == pytest.approx(28.0)
    assert error_budget([boat, animal], "v1", "d1", 9.0, 1.0) is None
    assert error_budget([boat], "v1", "d1", 1.0, 1.0) is None


def test_the_ellipse_lies_along_the_larger_error():
    boat = track("v1", ObjectKind.VESSEL, at(0, 0, height=(3, 3), own_m2=1.0))
    ellipse = ellipse_95([boat], "v1", 1.0)
    assert ellipse.bearing_deg == pytest.approx(45.0)
    assert ellipse.major_m == pytest.approx(2.4477 * 19**0.5)
    assert ellipse.minor_m == pytest.approx(2.4477)
