"""A question goes in, an analysis runs through the real pipeline, results and alerts come out."""

import asyncio
import hashlib
import json

import httpx
import pytest
from asking_analyses import FAST, ask
from gateway_process import free_port
from synthetic import Detector, make_video
from waiting import until_ended

from wideberth_gateway.app import create_gateway
from wideberth_gateway.remote import http_stages
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_gateway.settings import GatewaySettings


@pytest.fixture
def client(shared):
    """The shared gateway's client, its detector as it was made."""
    shared.detector.frame_s, shared.detector.boats = 0.0, True
    shared.detector.log.write_text("")
    return shared.client


def frames_looked_at(shared) -> int:
    return len(shared.detector.log.read_text().splitlines())


def test_a_video_as_the_body_becomes_alerts(shared, client, video):
    async def scene():
        answer = await ask(client, video)
        assert answer.status_code == 202, answer.text
        view = await until_ended(client, answer.json()["id"])
        results = (await client.get(f"/v1/analyses/{view['id']}/results")).json()
        file = (await client.get(f"/v1/analyses/{view['id']}/results/alerts.geojson")).json()
        feed = (await client.get("/v1/collections/alerts/items", params={"analysis": view["id"]})).json()
        return view, results, file, feed

    view, results, file, feed = shared.run(scene())
    assert view["state"] == "done", view
    assert view["video"] == {"sha256": hashlib.sha256(video.read_bytes()).hexdigest(), "name": "boat.mp4"}
    assert view["progress"]["frames_done"] == view["progress"]["frames_total"] == 30
    assert view["progress"]["segments_done"] == view["progress"]["segments_total"] == 3
    tables = {"analysis.json", "observations.parquet", "tracks.parquet", "tracks.csv"}
    assert tables | {"encounters.json", "alerts.geojson"} <= set(results)
    assert "plan.json" not in results
    assert file["analysis_id"] == view["id"]
    assert [one["properties"]["rule"] for one in file["features"]] == ["KR-1"]
    only = feed["features"][0]
    assert only["id"] == file["features"][0]["id"]
    assert (only["properties"]["vessel_track"], only["properties"]["status"]) == ("v1", "candidate")
    assert only["properties"]["start"].startswith("2026-08-01T03:00:0")
    assert only["geometry"]["coordinates"] == pytest.approx([126.2, 33.2], abs=0.01)


def test_the_same_question_is_not_run_twice(shared, client, video):
    async def scene():
        first = (await ask(client, video, sample_fps=2.0)).json()
        await until_ended(client, first["id"])
        again = (await ask(client, video, sample_fps=2.0)).json()
        other = (await ask(client, video, sample_fps=1.0)).json()
        await until_ended(client, other["id"])
        return first, again, other, (await client.get("/v1/analyses", params={"limit": 2})).json()

    first, again, other, listed = shared.run(scene())
    assert (again["id"], again["state"]) == (first["id"], "done")
    assert other["id"] != first["id"]
    assert [one["id"] for one in listed["analyses"]] == [other["id"], first["id"]]
    assert frames_looked_at(shared) == 12 + 6


def test_files_first_and_the_question_after(shared, client, video):
    async def scene():
        clip = await client.post("/v1/originals", params={"name": "a/b\\boat.mp4"}, content=video.read_bytes())
        log = await client.post("/v1/originals", params={"name": "boat.SRT"}, content=b"telemetry")
        twice = await client.post("/v1/originals", params={"name": "copy.mp4"}, content=video.read_bytes())
        question = {"video": clip.json()["sha256"], "telemetry": log.json()["sha256"], "settings": FAST}
        answer = await client.post("/v1/analyses", json=question)
        assert answer.status_code == 202, answer.text
        assert answer.headers["location"] == f"/v1/analyses/{answer.json()['id']}"
        return clip, twice, await until_ended(client, answer.json()["id"])

    clip, twice, view = shared.run(scene())
    assert (clip.status_code, clip.json()["name"]) == (201, "boat.mp4")
    assert twice.json() == clip.json()
    assert (view["state"], view["telemetry"]["name"]) == ("done", "boat.SRT")


def test_bad_files_are_told_at_once_and_by_name(shared, client, video):
    async def scene():
        before = (await client.get("/v1/analyses")).json()
        no_video = await client.post("/v1/analyses", params={"name": "notes.mp4"}, content=b"just some text")
        clip = await client.post("/v1/originals", params={"name": "boat.mp4"}, content=video.read_bytes())
        odd = await client.post("/v1/originals", params={"name": "odd.SRT"}, content=b"nothing known")
        question = {"video": clip.json()["sha256"], "telemetry": odd.json()["sha256"]}
        bad_log = await client.post("/v1/analyses", json=question)
        params = {"name": "boat.mp4", "rules": "atlantis"}
        bad_pack = await client.post("/v1/analyses", params=params, content=video.read_bytes())
        assert (await client.get("/v1/analyses")).json() == before
        return no_video, bad_log, bad_pack

    no_video, bad_log, bad_pack = shared.run(scene())
    assert no_video.json()["type"].endswith("unreadable-video")
    assert "staging" not in no_video.text
    assert "notes.mp4" in no_video.text
    assert (bad_log.status_code, bad_log.json()["where"]) == (400, "odd.SRT, line 1")
    assert bad_pack.json()["type"].endswith("bad-rule-pack")
    assert all(one.headers["content-type"] == "application/problem+json" for one in (no_video, bad_log, bad_pack))
    assert list((shared.data_dir / "staging").iterdir()) == []


JSON = {"content-type": "application/json"}
UNSENT = json.dumps({"video": "0" * 64}).encode()
REFUSED = [
    pytest.param("POST", "/v1/analyses", {}, b"x", 400, "name", id="video without a name"),
    pytest.param("POST", "/v1/originals?name=a.mp4", {}, b"", 400, "empty", id="empty file"),
    pytest.param("POST", "/v1/originals?name=...", {}, b"x", 400, "no name", id="name of dots"),
    pytest.param("POST", f"/v1/originals?name=a&sha256={'0' * 64}", {}, b"x", 400, "SHA-256", id="other hash"),
    pytest.param("POST", "/v1/analyses", JSON, b"{", 400, "JSON", id="broken JSON"),
    pytest.param("POST", "/v1/analyses", JSON, b'{"vidoe": 1}', 400, "vidoe", id="mistyped field"),
    pytest.param("POST", "/v1/analyses", JSON, b" " * (1 << 21), 400, "too long", id="endless question"),
    pytest.param("POST", "/v1/analyses", JSON, UNSENT, 404, "no video", id="a file never sent"),
    pytest.param("GET", f"/v1/analyses/{'0' * 64}", {}, None, 404, "no analysis", id="unknown analysis"),
    pytest.param("GET", "/v1/analyses/../secret", {}, None, 404, "", id="no path tricks"),
    pytest.param("GET", "/v1/nothing", {}, None, 404, "no such path", id="unknown path"),
    pytest.param("POST", f"/v1/analyses/{'0' * 64}/cancel", {}, None, 404, "no analysis", id="cancel the unknown"),
    pytest.param("GET", "/v1/rules/atlantis", {}, None, 404, "no rule pack", id="unknown pack"),
]


@pytest.mark.parametrize(("method", "path", "headers", "body", "status", "says"), REFUSED)
def test_refused_with_a_problem(shared, client, method, path, headers, body, status, says):
    answer = shared.run(client.request(method, path, headers=headers, content=body))
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]


def test_internal_files_and_paths_are_not_handed_out(shared, client, video):
    async def scene():
        view = await until_ended(client, (await ask(client, video, sample_fps=1.0)).json()["id"])
        names = (
            "plan.json",
            "judgement.json",
            "segments",
            "..%2Fplan.json",
            ".hidden",
            "%2e%2e%2f%2e%2e%2fgateway.sqlite",
        )
        return [(await client.get(f"/v1/analyses/{view['id']}/results/{name}")).status_code for name in names]

    assert set(shared.run(scene())) == {404}


def test_an_original_is_read_only_and_lies_under_its_hash(shared, client):
    told = shared.run(client.post("/v1/originals", params={"name": "a.mp4"}, content=b"some bytes")).json()
    file = shared.data_dir / "originals" / told["sha256"]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == told["sha256"]
    assert file.stat().st_mode & 0o222 == 0
    again = shared.run(client.get(f"/v1/originals/{told['sha256']}"))
    assert again.json() == told


def test_cancel_and_resume(shared, client, video):
    async def scene():
        shared.detector.frame_s = 0.15
        asked = (await ask(client, video, sample_fps=4.0)).json()
        while (await client.get(f"/v1/analyses/{asked['id']}")).json()["progress"]["segments_done"] < 1:
            await asyncio.sleep(0.05)
        cancelled = (await client.post(f"/v1/analyses/{asked['id']}/cancel")).json()
        assert cancelled["state"] == "cancelled"
        assert (await client.post(f"/v1/analyses/{asked['id']}/cancel")).status_code == 409
        for _ in range(100):  # the step under way is stopped soon, and nothing more is done
            seen = frames_looked_at(shared)
            await asyncio.sleep(1.5)
            if frames_looked_at(shared) == seen:
                break
        assert seen < 24, "a cancelled job works on"
        shared.detector.frame_s = 0.0
        resumed = await client.post(f"/v1/analyses/{asked['id']}/resume")
        assert (resumed.status_code, resumed.json()["attempt"]) == (202, 2)
        return await until_ended(client, asked["id"]), seen

    view, seen = shared.run(scene())
    assert view["state"] == "done"
    assert frames_looked_at(shared) <= seen + 24 - 8, "segments that were done are done again"


def test_progress_tells_the_time_left(shared, client, tmp_path):
    clip = make_video(tmp_path / "longer.mp4", seconds=10)

    async def scene():
        shared.detector.frame_s = 0.1
        asked = (await ask(client, clip, segment_s=30.0)).json()
        views = []
        while not views or views[-1]["state"] in ("queued", "sensing"):
            views.append((await client.get(f"/v1/analyses/{asked['id']}")).json())
            await asyncio.sleep(0.2)
        return views

    told = [one["progress"] for one in shared.run(scene()) if one["progress"].get("seconds_left") is not None]
    middle = [one for one in told if 0 < one["frames_done"] < 50]
    assert middle, told
    assert all(0 < one["seconds_left"] < 500 for one in middle), middle


def test_alerts_appear_while_the_rest_is_still_being_sensed(shared, client, tmp_path):
    clip = make_video(tmp_path / "long.mp4", seconds=12)

    async def scene():
        shared.detector.frame_s = 0.05
        asked = (await ask(client, clip, segment_s=2.0)).json()
        early = []
        while not early:
            feed = await client.get("/v1/collections/alerts/items", params={"analysis": asked["id"]})
            early = feed.json()["features"]
            await asyncio.sleep(0.05)
        state = (await client.get(f"/v1/analyses/{asked['id']}")).json()
        await until_ended(client, asked["id"])
        return early, state, (await client.get(f"/v1/collections/alerts/items/{early[0]['id']}")).json()

    early, state, late = shared.run(scene())
    assert state["state"] == "sensing"
    assert state["progress"]["segments_done"] < state["progress"]["segments_total"]
    first, last = early[0]["properties"], late["properties"]
    assert (first["version"], first["status"], last["status"]) == (1, "candidate", "candidate")
    assert last["duration_s"] > first["duration_s"]
    assert [one["version"] for one in late["history"]] == list(range(1, last["version"] + 1))


def test_nothing_is_alerted_without_a_vessel(shared, client, video):
    async def scene():
        shared.detector.boats = False
        view = await until_ended(client, (await ask(client, video, sample_fps=3.0)).json()["id"])
        file = (await client.get(f"/v1/analyses/{view['id']}/results/alerts.geojson")).json()
        feed = (await client.get("/v1/collections/alerts/items", params={"analysis": view["id"]})).json()
        return view, file, feed

    view, file, feed = shared.run(scene())
    assert view["state"] == "done"
    assert file["features"] == feed["features"] == []
    assert file["analysis_id"] == view["id"]


def test_health(shared, client):
    async def scene():
        paths = ("/livez", "/readyz", "/info", "/metrics", "/v1/rules/kr", "/openapi.json", "/v1/collections")
        return {path: await client.get(path) for path in paths}

    answers = shared.run(scene())
    assert {one.status_code for one in answers.values()} == {200}
    assert answers["/readyz"].json()["services"][0]["service"] == "glare"
    assert answers["/info"].json()["service"] == "gateway"
    assert 'wideberth_gateway_analyses{state="queued"} 0.0' in answers["/metrics"].text
    assert 'route="/livez"' in answers["/metrics"].text
    assert answers["/v1/rules/kr"].json()["rules"][0]["limit_m"]["evidence"] == "P"


def test_a_file_above_the_limit_is_refused_and_leaves_nothing(gateway, tmp_path):
    async def scene():
        async with gateway(max_body_bytes=1000) as client:
            return await client.post("/v1/originals", params={"name": "a.mp4"}, content=b"x" * 1001)

    assert asyncio.run(scene()).status_code == 413
    assert list((tmp_path / "data" / "originals").iterdir()) == []


def test_services_that_are_away_are_named_and_may_be_asked_again(tmp_path, video):
    port = free_port()
    urls = {
        f"{name}_url": f"http://127.0.0.1:{port}" for name in ("glare", "detector", "distance", "tracker", "anomaly")
    }
    settings = GatewaySettings(data_dir=tmp_path, job_poll_s=0.1, **urls)
    app = create_gateway(lambda: http_stages(settings), settings)

    async def scene():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
        async with app.router.lifespan_context(app), client:
            return await client.get("/livez"), await client.get("/readyz"), await ask(client, video)

    alive, ready, asked = asyncio.run(scene())
    assert alive.status_code == 200
    for answer in (ready, asked):
        assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
        assert str(port) in answer.json()["where"]


class Broken(Detector):
    async def detect(self, frame, settings, attention=None):
        raise RuntimeError("the secret inside")


def test_what_later_segments_no_longer_support_is_withdrawn(gateway, tmp_path):
    """A judge that thinks better of a vessel once it has seen six seconds."""
    clip = make_video(tmp_path / "long.mp4", seconds=8)

    class Fickle(LocalJudge):
        async def judge(self, request):
            answer = await super().judge(request)
            last_s = max((point.t_s for track in request.tracks for point in track.points), default=0.0)
            kept = tuple(one for one in answer.encounters if one.craft_track != "v1" or last_s < 6)
            return answer.model_copy(update={"encounters": kept})

    async def scene():
        async with gateway(judge=Fickle()) as client:
            asked = (await ask(client, clip, segment_s=2.0)).json()
            await until_ended(client, asked["id"])
            params = {"analysis": asked["id"]}
            file = (await client.get(f"/v1/analyses/{asked['id']}/results/alerts.geojson")).json()
            return (await client.get("/v1/collections/alerts/items", params=params)).json()["features"], file

    (only,), file = asyncio.run(scene())
    assert only["properties"]["status"] == "withdrawn"
    assert "later" in only["properties"]["withdrawn_because"]
    assert file["features"] == []


def test_an_analysis_that_fails_says_so_and_can_be_tried_again(gateway, video):
    async def scene():
        async with gateway(Broken()) as client:
            asked = (await ask(client, video)).json()
            failed = await until_ended(client, asked["id"])
        async with gateway() as client:
            again = (await ask(client, video)).json()
            assert (again["id"], again["attempt"]) == (asked["id"], 2)
            return failed, await until_ended(client, asked["id"])

    failed, done = asyncio.run(scene())
    assert failed["state"] == "failed"
    assert failed["problem"]["type"].endswith("internal")
    assert "secret" not in json.dumps(failed)
    assert (done["state"], done["problem"]) == ("done", None)


def test_the_whole_on_postgresql(gateway, video, postgres_url):
    async def scene():
        async with gateway(database_url=postgres_url) as client:
            view = await until_ended(client, (await ask(client, video)).json()["id"])
            feed = (await client.get("/v1/collections/alerts/items", params={"analysis": view["id"]})).json()
            return view, feed

    view, feed = asyncio.run(scene())
    assert (view["state"], len(feed["features"])) == ("done", 1)
