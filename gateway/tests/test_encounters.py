"""Who meets whom: groups of animals, the closest moment, flat rows."""

import asyncio

from gateway_scenes import At, request, series, steady, track

from wideberth_contracts.detections import ObjectKind
from wideberth_gateway.judging import rows
from wideberth_gateway.rules import LocalJudge
from wideberth_gateway.rules.groups import group_of_animals


def judge(asked):
    return asyncio.run(LocalJudge().judge(asked))


def test_neighbours_are_one_group_and_far_animals_another():
    animals = [track(name, ObjectKind.DOLPHIN, 10, east_m=east) for name, east in (("d1", 0), ("d2", 60), ("d3", 900))]
    near = series("v1", [At(30, animal=name) for name in ("d1", "d2", "d3")])
    assert group_of_animals(animals, [near]) == {"d1": "g1", "d2": "g1", "d3": "g2"}


def test_a_chain_of_neighbours_is_one_group_in_any_order():
    easts = {"d1": 0, "d2": 160, "d3": 80}
    animals = [track(name, ObjectKind.DOLPHIN, 10, east_m=east) for name, east in easts.items()]
    near = series("v1", [At(30, animal=name) for name in easts])
    assert set(group_of_animals(animals, [near]).values()) == {"g1"}


def test_animals_that_no_craft_came_nearest_to_belong_too():
    """They make the pod's outline and heading; a far pod that nobody met is numbered after those that were met."""
    easts = {"d1": -900, "d2": 0, "d3": 40}
    animals = [track(name, ObjectKind.DOLPHIN, 10, east_m=east) for name, east in easts.items()]
    met = series("v1", [At(30, animal="d2")])
    assert group_of_animals(animals, [met]) == {"d2": "g1", "d3": "g1", "d1": "g2"}


def test_an_outline_around_two_groups_is_no_pods_edge():
    moments = [At(30, animal="d1", pod_m=0)] * 20
    asked = request({"v1": moments}, dolphins=("d1",))
    far = track("d2", ObjectKind.DOLPHIN, 20, east_m=900.0)
    both = asked.model_copy(update={"tracks": (*asked.tracks, far)})
    assert judge(asked).encounters[0].closest_pod_m == 0
    assert judge(both).encounters[0].closest_pod_m is None


def test_the_closest_moment_is_one_that_shows_both():
    moments = [At(80), At(40, 5), At(10, 8, animal_age_s=2.0), At(39, 20), At(70)]
    encounter = judge(request({"v1": moments})).encounters[0]
    assert (encounter.closest_separation_m, encounter.closest_pts) == (40, 6)
    assert (encounter.latitude, encounter.longitude) == (33.2, 126.2)


def test_rows_have_the_documented_keys():
    asked = request({"v1": steady(At(30))})
    row = next(row for row in rows(judge(asked), asked.tracks) if row["rule"] == "KR-1")
    assert row["vessel_track"] == "v1"
    assert row["group"] == "g1"
    assert row["verdict"] == "violation"
    assert row["interval_95_m"] == [28, 32]
    assert row["closest_separation_m"] == 30
    assert row["start"] == "2026-08-01T03:00:00+00:00"


def test_rows_without_time_of_day_count_seconds():
    asked = request({"v1": steady(At(30))}, starts_at=None)
    assert rows(judge(asked), asked.tracks)[0]["start"] == 0.0
