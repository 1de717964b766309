"""What is remembered from frame to frame, and for how long."""

import pytest

from wideberth_contracts.detections import Detection, ObjectKind, OrientedBox
from wideberth_pipeline.attention import HELD_S, MOST_EXPECTED, Recent


def found(x: float, y: float, confidence: float = 0.5, length: float = 40) -> Detection:
    box = OrientedBox(cx_px=x, cy_px=y, length_px=length, width_px=length / 4, angle_deg=0)
    return Detection(kind=ObjectKind.DOLPHIN, confidence=confidence, box=box, model_id="m")


def expected_x(recent: Recent, t_s: float) -> list[float]:
    return [box.cx_px for box in recent.attention(t_s, 5.0).expected]


@pytest.mark.parametrize(
    ("t_s", "sample_fps", "turn", "turns"),
    [(0.0, 5.0, 0, 5), (30.2, 5.0, 151, 5), (30.2, 30.0, 906, 30), (4.0, 0.5, 2, 1), (2.0019, 29.97, 60, 30)],
)
def test_the_turn_follows_from_the_time_and_a_sweep_takes_a_second(t_s, sample_fps, turn, turns):
    attention = Recent().attention(t_s, sample_fps)
    assert (attention.turn, attention.sweep_turns) == (turn, turns)


def test_the_first_frame_is_swept_whole_and_an_empty_sea_is_no_first_frame():
    assert Recent().attention(6.0, 5.0).first
    assert not Recent().with_seen(6.0, ()).attention(6.2, 5.0).first


def test_the_newest_come_first_then_the_surest():
    recent = Recent().with_seen(0.0, (found(100, 100, 0.9), found(900, 100, 0.8)))
    recent = recent.with_seen(0.2, (found(110, 100, 0.3), found(500, 500, 0.6)))
    assert expected_x(recent, 0.4) == [500, 110, 900]


def test_what_was_not_seen_again_is_held_for_a_while_and_then_let_go():
    recent = Recent().with_seen(0.0, (found(100, 100),))
    for step in range(1, 11):
        recent = recent.with_seen(0.2 * step, ())
        assert expected_x(recent, 0.2 * step) == ([100] if 0.2 * step <= HELD_S else [])
    assert recent.sightings == ()


def test_a_sighting_too_old_is_not_expected_after_a_gap_in_the_video():
    recent = Recent().with_seen(0.0, (found(100, 100),))
    assert expected_x(recent, HELD_S + 0.1) == []


def test_a_crowd_is_named_only_so_far():
    crowd = tuple(found(100 * n, 10, confidence=1 - n / 200) for n in range(100))
    named = Recent().with_seen(0.0, crowd).attention(0.2, 5.0).expected
    assert len(named) == MOST_EXPECTED
    assert [box.cx_px for box in named[:3]] == [0, 100, 200]
