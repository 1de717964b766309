"""Flights through the gateway: made of files, told about, paired anew, looked at, analysed."""

import csv

from waiting import in_a_loop, until_ended

from wideberth_contracts.poses import PoseAbsence
from wideberth_contracts.positions import PositionAbsence
from wideberth_contracts.settings import ChosenSpan
from wideberth_gateway.flights.desk import spans_of
from wideberth_gateway.flights.words import ABSENCES
from wideberth_gateway.store.flights import Flight, FlightPart
from wideberth_pipeline.quick_look import NO_RANGE

UNKNOWN = "0" * 64


async def sent(client, name: str, content: bytes) -> str:
    return (await client.post("/v1/originals", params={"name": name}, content=content)).json()["sha256"]


@in_a_loop
async def test_a_card_becomes_a_flight_and_its_analyses(gateway, video) -> None:
    async with gateway() as client:
        clip = await sent(client, "DJI_0001.MP4", video.read_bytes())
        log = await sent(client, "DJI_0001.SRT", b"telemetry")
        other = await sent(client, "elsewhere.csv", b"telemetry of another flight")
        asked = {"files": [log, clip, other], "operator": "Kim", "permit": "2026-17"}
        answer = await client.post("/v1/flights", json=asked)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        (flight,) = made["flights"]
        assert (flight["name"], flight["operator"], flight["permit"]) == ("DJI_0001", "Kim", "2026-17")
        assert flight["parts"][0]["telemetry"] == {"sha256": log, "name": "DJI_0001.SRT"}
        assert made["alone"] == [{"sha256": other, "name": "elsewhere.csv"}]
        again = (await client.post("/v1/flights", json=asked)).json()["flights"]
        assert again == [flight]
        started = await client.post(f"/v1/flights/{flight['id']}/analyses", json={})
        assert started.status_code == 202, started.text
        (analysis,) = started.json()["analyses"]
        assert (analysis["video"]["sha256"], analysis["telemetry"]["sha256"]) == (clip, log)
        assert (await until_ended(client, analysis["id"]))["state"] == "done"


@in_a_loop
async def test_what_a_person_says_and_the_pairing_can_be_changed(gateway, video) -> None:
    async with gateway() as client:
        clip = await sent(client, "boat.mp4", video.read_bytes())
        log = await sent(client, "log.csv", b"telemetry")
        flight = (await client.post("/v1/flights", json={"files": [clip]})).json()["flights"][0]
        path = f"/v1/flights/{flight['id']}"
        changed = (await client.patch(path, json={"notes": "calm sea"})).json()
        assert (changed["notes"], changed["name"]) == ("calm sea", "boat")
        paired = await client.put(f"{path}/parts/0/telemetry", json={"telemetry": log})
        assert paired.json()["parts"][0]["telemetry"]["name"] == "log.csv"
        assert (await client.get(path)).json() == paired.json()
        assert (await client.put(f"{path}/parts/7/telemetry", json={"telemetry": log})).status_code == 404
        assert (await client.put(f"{path}/parts/0/telemetry", json={"telemetry": UNKNOWN})).status_code == 404
        assert (await client.patch(path, json={"sha256": "x"})).status_code == 422


@in_a_loop
async def test_a_look_is_kept_over_a_restart_until_the_telemetry_changes(gateway, video, tmp_path) -> None:
    async with gateway() as client:
        clip = await sent(client, "DJI_0001.MP4", video.read_bytes())
        log = await sent(client, "DJI_0001.SRT", b"telemetry")
        other = await sent(client, "other.csv", b"telemetry of another")
        flight = (await client.post("/v1/flights", json={"files": [clip, log]})).json()["flights"][0]
        path = f"/v1/flights/{flight['id']}"
        answer = await client.get(f"{path}/look")
        assert answer.status_code == 200, answer.text
        seen = answer.json()
        part = seen["parts"][0]
        assert (seen["measurable_fraction"], part["look"]["grade"], part["findings"]) == (1.0, "A", [])
        # The synthetic sea: an error of two hundredths of 50 m.
        assert [round(moment["sigma_m"], 6) for moment in part["look"]["moments"]] == [1.0, 1.0, 1.0]
        assert not list((tmp_path / "data" / "staging").iterdir())
    hidden = tmp_path / "data" / "originals" / clip
    hidden.rename(tmp_path / "away")
    async with gateway() as client:
        assert (await client.get(f"{path}/look")).json() == seen  # without the file: it was kept
        (tmp_path / "away").rename(hidden)
        await client.put(f"{path}/parts/0/telemetry", json={"telemetry": other})
        assert (await client.get(f"{path}/look")).json()["parts"][0]["look"]["telemetry"] == "other.csv"


@in_a_loop
async def test_telemetry_that_cannot_be_read_is_told_by_its_name_alone(gateway, video, tmp_path) -> None:
    async with gateway() as client:
        clip = await sent(client, "DJI_0001.MP4", video.read_bytes())
        log = await sent(client, "DJI_0001.SRT", b"something else")
        flight = (await client.post("/v1/flights", json={"files": [clip, log]})).json()["flights"][0]
        answer = await client.get(f"/v1/flights/{flight['id']}/look")
        assert answer.status_code == 400, answer.text
        assert answer.json()["where"] == "DJI_0001.SRT, line 1"
        assert str(tmp_path) not in answer.text


@in_a_loop
async def test_what_is_no_flight_is_told(gateway) -> None:
    async with gateway() as client:
        text = await sent(client, "a.csv", b"telemetry")
        answer = await client.post("/v1/flights", json={"files": [text]})
        assert "none of the files is a video" in answer.json()["detail"]
        broken = await sent(client, "cut.mp4", b"\0\0\0\x18ftypmp42" + bytes(200))
        answer = await client.post("/v1/flights", json={"files": [broken]})
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["where"] == "cut.mp4"
        assert (await client.post("/v1/flights", json={"files": [UNKNOWN]})).status_code == 404
        assert (await client.get(f"/v1/flights/{UNKNOWN}")).status_code == 404


@in_a_loop
async def test_pages_hold_every_flight_once(gateway, video) -> None:
    async with gateway() as client:
        made = set()
        for number in range(5):
            # Bytes behind the last box of an MP4 change its hash and nothing else.
            clip = await sent(client, f"boat{number}.mp4", video.read_bytes() + b"\0\0\0\x09free" + bytes([number]))
            made.add((await client.post("/v1/flights", json={"files": [clip]})).json()["flights"][0]["id"])
        seen, after = [], {}
        while after is not None:
            page = (await client.get("/v1/flights", params={"limit": 2} | after)).json()
            seen += [flight["id"] for flight in page["flights"]]
            after = {"after": page["next_after"]} if page["next_after"] else None
        assert sorted(seen) == sorted(made)
        assert len(made) == 5


@in_a_loop
async def test_a_card_is_sorted_before_it_is_sent(gateway) -> None:
    gigabytes = 4 * 2**30 - 1000
    card = [
        ("DJI_0119.MP4", gigabytes), ("dji_0119.srt", 9), ("DJI_0120.MP4", 500), ("boat.mov", 9), ("boat.csv", 9),
        ("other.csv", 9), ("DJI_0119.LRF", 9), ("._DJI_0119.MP4", 9), ("empty.mp4", 0),
    ]  # fmt: skip
    async with gateway() as client:
        files = [{"name": name, "size_bytes": size} for name, size in card]
        answer = await client.post("/v1/flights/card", json={"files": files})
        assert answer.status_code == 200, answer.text
        assert answer.json() == {
            "recordings": [
                [{"video": 0, "telemetry": 1}, {"video": 2, "telemetry": None}],
                [{"video": 3, "telemetry": 4}],
            ],
            "alone": [5],
            "left_out": [6, 7, 8],
        }


@in_a_loop
async def test_chosen_spans_are_looked_at_and_nothing_else(gateway, video) -> None:
    async with gateway() as client:
        clip = await sent(client, "DJI_0001.MP4", video.read_bytes())
        log = await sent(client, "DJI_0001.SRT", b"telemetry")
        flight = (await client.post("/v1/flights", json={"files": [clip, log]})).json()["flights"][0]
        path = f"/v1/flights/{flight['id']}/analyses"
        spans = [{"start_s": 1.0, "stop_s": 2.0}, {"start_s": 4.0, "stop_s": 99.0}]
        answer = await client.post(path, json={"spans": spans})
        assert answer.status_code == 202, answer.text
        (analysis,) = answer.json()["analyses"]
        ended = await until_ended(client, analysis["id"])
        assert (ended["state"], ended["progress"]["frames_done"]) == ("done", 15)  # 5 a second, 1 s and 2 s
        told = (await client.get(f"/v1/analyses/{analysis['id']}/results/analysis.json")).json()
        kept = [(span["start_s"], span["stop_s"]) for span in told["looked_at"]["spans"]]
        assert (told["looked_at"]["whole"], kept) == (False, [(1.0, 2.0), (4.0, 6.0)])
        table = (await client.get(f"/v1/analyses/{analysis['id']}/results/tracks.csv")).text
        times = {float(row["t_s"]) for row in csv.DictReader(table.splitlines())}
        assert min(times) >= 1.0
        assert not [t_s for t_s in times if 2.0 <= t_s < 4.0]
        whole = (await client.post(path, json={})).json()["analyses"][0]
        assert whole["id"] != analysis["id"]
        await until_ended(client, whole["id"])
        work = (await client.get(path)).json()["analyses"]
        assert [one["analysis"]["id"] for one in work] == [whole["id"], analysis["id"]]
        assert [(part["start_s"], part["stop_s"], part["done"]) for part in work[1]["segments"]] == [
            (1.0, 2.0, True),
            (4.0, 6.0, True),
        ]
        late = await client.post(path, json={"spans": [{"start_s": 50.0, "stop_s": 60.0}]})
        assert (late.status_code, late.json()["where"]) == (400, "spans")
        twice = await client.post(path, json={"settings": {"spans": spans}})
        assert (twice.status_code, twice.json()["where"]) == (400, "settings.spans")
        assert (await client.post(path, json={"spans": [{"start_s": 2.0, "stop_s": 1.0}]})).status_code == 422


def test_spans_of_a_flight_fall_on_its_parts() -> None:
    flight = Flight("f", "f", "", "", "", "", 0.0, (_part(0, 330.0), _part(1, 330.0)))
    spans = (ChosenSpan(start_s=300.0, stop_s=400.0), ChosenSpan(start_s=650.0, stop_s=661.0))
    first, second = (spans_of(flight, part, spans) for part in flight.parts)
    assert [(one.start_s, one.stop_s) for one in first] == [(300.0, 330.0)]
    assert [(one.start_s, one.stop_s) for one in second] == [(0.0, 70.0), (320.0, 331.0)]
    assert spans_of(flight, flight.parts[0], (ChosenSpan(start_s=330.0, stop_s=340.0),)) == ()
    assert spans_of(flight, flight.parts[1], (ChosenSpan(start_s=700.0, stop_s=710.0),)) == ()


def _part(position: int, duration_s: float) -> FlightPart:
    return FlightPart(position, str(position), "v.mp4", duration_s, None, None)


def test_every_reason_has_words() -> None:
    reasons = {*PoseAbsence, *PositionAbsence, NO_RANGE}
    reasons -= {PositionAbsence.NO_POSE}  # a pose that is not there tells its own reason
    assert reasons == set(ABSENCES)
