"""Encounters of a season: read from finished analyses, each stretch once, as persons left them."""

from dataclasses import replace

from asking_analyses import ask
from waiting import in_a_loop, until_ended

from wideberth_contracts.reviews import RejectionReason
from wideberth_gateway.season.counting import judged_by_people, once
from wideberth_gateway.store import encounters as store
from wideberth_gateway.store.encounters import Kept, Looked, Met

BROKE = Met("a" * 64, "e1", "v0", "vessel", None, "kr", 1000.0, 5.0, 20.0, 18.0, 22.0, 33.2, 126.2, Kept.NO, ("KR-1",))
FINE = replace(BROKE, encounter_id="e2", craft_track="v1", closest_m=200.0, verdict=Kept.YES, rules=())
WHOLE = Looked("a" * 64, "v" * 64, 1.0, "{}")


def test_what_is_kept_comes_back_and_is_replaced(engine) -> None:
    store.keep(engine, BROKE.analysis_id, (BROKE, FINE))
    store.keep(engine, BROKE.analysis_id, (FINE,))
    assert store.all_met(engine) == (), "the analysis is not finished"
    store.keep(engine, "b" * 64, (), "judgement.json: FileNotFoundError")
    assert store.unreadable(engine) == {"b" * 64: "judgement.json: FileNotFoundError"}
    store.forget(engine, "b" * 64)
    assert store.unreadable(engine) == {}


def test_a_stretch_of_video_counts_by_the_newest_analysis_of_it() -> None:
    part = Looked("b" * 64, "v" * 64, 2.0, '{"spans": [{"start_s": 0.0, "stop_s": 10.0}]}')
    other = Looked("c" * 64, "w" * 64, 3.0, "{}")
    late = replace(BROKE, encounter_id="late", closest_t_s=12.0)
    again = replace(BROKE, analysis_id=part.id)
    assert once((BROKE, late, again), (other, part, WHOLE)) == (late, again)
    assert once((BROKE, late), (other, WHOLE)) == (BROKE, late)


def test_a_person_has_the_last_word() -> None:
    key = (BROKE.analysis_id, BROKE.encounter_id, "KR-1")
    assert judged_by_people((BROKE, FINE), {key: RejectionReason.NO_ANIMAL}) == (FINE,)
    (allowed,) = judged_by_people((BROKE,), {key: RejectionReason.RESEARCH_PERMIT})
    assert (allowed.verdict, allowed.rules) == (Kept.YES, ())
    both = replace(BROKE, rules=("KR-1", "KR-2"))
    (one_left,) = judged_by_people((both,), {key: RejectionReason.MEASURED_WRONGLY})
    assert (one_left.verdict, one_left.rules) == (Kept.NO, ("KR-2",))


@in_a_loop
async def test_a_season_has_those_who_kept_the_rules_too(gateway, video, tmp_path) -> None:
    async with gateway() as client:
        first = (await client.get("/v1/season/encounters")).json()
        assert first == {"encounters": [], "count": 0, "next_offset": None, "not_readable": {}}
        analysis = (await ask(client, video)).json()["id"]
        await until_ended(client, analysis)
        told = (await client.get("/v1/season/encounters")).json()
        by_track = {one["vessel_track"]: one for one in told["encounters"]}
        assert {track: one["kept"] for track, one in by_track.items()} == {"v1": "broken", "v2": "kept"}
        assert by_track["v1"]["rules_broken"] == ["KR-1"]
        assert by_track["v2"]["rules_broken"] == []
        near = (await client.get("/v1/season/encounters", params={"within_m": 30})).json()
        assert [one["vessel_track"] for one in near["encounters"]] == ["v1"]
        page = (await client.get("/v1/season/encounters", params={"limit": 1})).json()
        assert (len(page["encounters"]), page["count"], page["next_offset"]) == (1, 2, 1)
        none = (await client.get("/v1/season/encounters", params={"latest": "2020-01-01T00:00:00Z"})).json()
        assert none["count"] == 0
