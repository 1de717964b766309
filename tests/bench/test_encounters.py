"""The bench of encounters, small: its reference against hand-made cases, and two encounters through the real chain."""

import math
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bench.accuracy.encounter_conduct import CONDUCTS  # noqa: E402
from bench.accuracy.encounter_motion import fulfilled_s, runs, to_hull_m  # noqa: E402
from bench.accuracy.encounter_plans import plan_of  # noqa: E402
from bench.accuracy.encounter_reference import REFERENCES  # noqa: E402
from bench.accuracy.encounter_trials import trial  # noqa: E402
from bench.accuracy.encounters import rows_of  # noqa: E402
from wideberth_gateway.rules.numbers import Decision  # noqa: E402
from wideberth_gateway.rules.primitives import PRIMITIVES, EncounterRule  # noqa: E402

FAST = ("approach", "low_drone")
T_S = np.arange(0.0, 4.0, 0.2)
SQUARE = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)])


def test_every_rule_about_craft_has_a_reference():
    assert set(REFERENCES) == {name for name, kind in PRIMITIVES.items() if issubclass(kind, EncounterRule)}


def test_the_outline_of_a_pod_is_measured_inside_and_outside():
    boat = np.array([(13.0, 4.0), (15.0, 4.0), (14.0, 8.0)])
    assert to_hull_m(boat, SQUARE) == pytest.approx(3.0)
    assert to_hull_m(boat - (5.0, 0.0), SQUARE) == pytest.approx(-2.0)
    assert to_hull_m(boat, SQUARE[:2]) == math.inf


def test_an_act_is_complete_after_time_and_frames_without_a_break():
    broken = T_S >= 1.0
    shown = np.ones_like(broken)
    assert fulfilled_s(broken, shown, T_S, Decision()) == pytest.approx(2.0)
    assert runs(broken, shown, T_S, Decision()) == [(pytest.approx(1.0), pytest.approx(3.8))]
    broken[8] = False
    assert fulfilled_s(broken, shown, T_S, Decision()) == pytest.approx(2.8)
    shown[8] = False
    assert fulfilled_s(broken, shown, T_S, Decision()) == pytest.approx(2.0)
    assert fulfilled_s(broken, shown & (T_S < 1.9), T_S, Decision()) is None


@pytest.mark.parametrize("name", FAST)
def test_a_simulated_encounter_is_judged_as_it_was(name):
    number = tuple(CONDUCTS).index(name)
    assert plan_of(number, number).conduct == name
    done = trial(number, number)
    sure = [act for act in done.acts if act.slack == 1.0]
    assert sure
    assert [act for act in sure if act.found_in is None] == []
    assert [alert for alert in done.alerts if not alert.is_true] == []
    assert len({(alert.pack, alert.rule, alert.craft) for alert in done.alerts}) == len(done.alerts)
    assert rows_of([done])[0]["value"] == 1.0
