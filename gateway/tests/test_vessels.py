"""AIS over HTTP: identities, new versions of alerts, files that are no AIS; and an analysis judged again."""

from asking_analyses import ask
from passing_ship import AT, passing
from waiting import until_ended


async def boat_of(client, analysis_id: str) -> tuple[float, float, float]:
    """Latitude, longitude and time of the boat's closest approach."""
    params = {"analysis": analysis_id}
    feature = (await client.get("/v1/collections/alerts/items", params=params)).json()["features"][0]
    longitude, latitude = feature["geometry"]["coordinates"]
    return latitude, longitude, AT + feature["properties"]["closest_t_s"]


def test_ais_that_comes_late_makes_a_new_version(shared, video):
    client = shared.client

    async def scene():
        view = await until_ended(client, (await ask(client, video)).json()["id"])
        path = f"/v1/analyses/{view['id']}"
        none = await client.get(f"{path}/identity")
        empty = await client.post(f"{path}/identity")
        bad = await client.post(f"{path}/ais", params={"name": "notes.txt"}, content=b"no,such,thing\n1,2,3\n")
        sent = passing(*await boat_of(client, view["id"]))
        before = (await client.get(f"{path}/results/alerts.geojson")).json()["features"][0]["properties"]["version"]
        first = await client.post(f"{path}/ais", params={"name": "day.nmea"}, content=sent)
        again = await client.post(f"{path}/ais", params={"name": "day.nmea"}, content=sent)
        kept = await client.get(f"{path}/identity")
        feed = await client.get("/v1/collections/alerts/items", params={"analysis": view["id"], "lang": "ko"})
        file = await client.get(f"{path}/results/alerts.geojson")
        return none, empty, bad, first, again, kept, feed, file, before

    none, empty, bad, first, again, kept, feed, file, before = shared.run(scene())
    assert (none.status_code, empty.status_code, bad.status_code) == (404, 400, 400)
    assert "notes.txt" in bad.text
    assert "no AIS of that time" in empty.text
    assert first.status_code == 201, first.text
    said = {one["track"]: one for one in first.json()["identities"]}
    assert said["v1"]["reason_ko"]
    assert said["v1"]["verdict"] in ("matched", "ambiguous")
    assert (first.json()["alerts_changed"], again.json()["alerts_changed"]) == (1, 0)
    assert [log["file"] for log in again.json()["files"]] == ["day.nmea"]
    assert {one["track"] for one in kept.json()["identities"]} == set(said)
    (only,) = feed.json()["features"]
    assert only["properties"]["version"] == before + 1
    assert only["properties"]["vessel_identity"]["verdict"] == said["v1"]["verdict"]
    assert only["properties"]["shown"]["vessel"] == only["properties"]["vessel_ko"]
    assert feed.headers["content-language"] == "ko"
    assert file.json()["features"][0]["properties"]["version"] == before + 1


def test_what_cannot_be_held_is_refused(shared, video):
    client = shared.client

    async def scene():
        unknown = await client.post(f"/v1/analyses/{'0' * 64}/ais", params={"name": "x.nmea"}, content=b"x")
        shared.detector.frame_s = 0.2
        running = (await ask(client, video, sample_fps=4.0)).json()["id"]
        early = await client.post(f"/v1/analyses/{running}/ais", params={"name": "x.nmea"}, content=b"x")
        judged = await client.post(f"/v1/analyses/{running}/judgements", json={"rules": "nz"})
        shared.detector.frame_s = 0.0
        await until_ended(client, running)
        return unknown, early, judged

    unknown, early, judged = shared.run(scene())
    assert (unknown.status_code, early.status_code, judged.status_code) == (404, 409, 409)


def test_judged_again_the_old_verdict_stands_beside_and_no_alert_is_made(shared, video):
    client = shared.client

    async def scene():
        view = await until_ended(client, (await ask(client, video)).json()["id"])
        path, feed = f"/v1/analyses/{view['id']}", "/v1/collections/alerts/items"
        before = (await client.get(f"{path}/judgements/first")).json()
        alerts = (await client.get(feed, params={"analysis": view["id"]})).json()
        made = await client.post(f"{path}/judgements", json={"rules": "nz"})
        again = await client.post(f"{path}/judgements", json={"rules": "nz"})
        other = await client.post(f"{path}/judgements", json={"rules": "nz", "known": {"species": "whale"}})
        listed = (await client.get(f"{path}/judgements")).json()["judgements"]
        bad = await client.post(f"{path}/judgements", json={"rules": "atlantis"})
        gone = await client.get(f"{path}/judgements/xx-9")
        whole = await client.get(made.headers["location"])
        same = (await client.get(f"{path}/judgements/first")).json() == before
        after = (await client.get(feed, params={"analysis": view["id"]})).json()
        return alerts == after, same, made, again, other, listed, bad, gone, whole

    unchanged, same, made, again, other, listed, bad, gone, whole = shared.run(scene())
    assert made.status_code == 201, made.text
    assert unchanged
    assert same
    name = made.json()["name"]
    assert name.startswith("nz-")
    assert again.json() == made.json()
    assert other.json()["name"] == f"{name}.2"
    assert [one["name"] for one in listed] == ["first", f"{name}.2", name]
    assert whole.json()["rule_pack"]["id"] == "nz"
    assert (bad.status_code, gone.status_code) == (400, 404)
