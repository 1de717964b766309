"""Evidence over HTTP: an analysis through the real pipeline, its bag, the trail, the stamp."""

import json
import subprocess
import sys

import pytest
from fetching_bags import alert_of, key_of, unpacked

from wideberth_gateway.evidence.verify_bag import Check


@pytest.fixture(scope="module")
def key(shared):
    return key_of(shared.data_dir, "Officer Han")


def test_a_bag_is_made_once_and_handed_out_whole(shared, video, key, tmp_path):
    async def scene():
        client = shared.client
        alert = await alert_of(client, video)
        made = await client.post(f"/v1/alerts/{alert}/evidence", headers=key)
        again = await client.post(f"/v1/alerts/{alert}/evidence", headers=key)
        content = (await client.get(made.json()["bag"], headers=key)).content
        listed = (await client.get("/v1/evidence")).json()
        stamp = await client.get(f"/v1/evidence/{made.json()['name']}/stamp.tsr")
        return alert, made, again, content, listed, stamp, (await client.get("/v1/audit/head")).json()

    alert, made, again, content, listed, stamp, head = shared.run(scene())
    assert (made.status_code, again.status_code) == (201, 200), made.text
    assert made.json() == again.json()
    assert listed == [made.json()["name"]]
    assert stamp.status_code == 404
    bag = unpacked(content, tmp_path)
    check = Check(bag)
    assert check.run(made.json()["seal"]), check.faults
    done = subprocess.run([sys.executable, "-I", "-S", str(bag / "verify.py")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    evidence = json.loads((bag / "data/evidence.json").read_text())
    assert evidence["alert_id"] == alert
    absent = {one["part"] for one in evidence["absent"]}
    assert {"stills", "curves", "annotated clip", "vessel identity"} <= absent, "a gateway without pixels says so"
    assert (bag / "data/original/boat.mp4").read_bytes() == video.read_bytes()
    for report in ("report.ko.pdf", "report.en.pdf"):
        assert (bag / "data" / report).read_bytes().startswith(b"%PDF")
    told = [json.loads(line)["entry"]["action"] for line in (bag / "data/audit/trail.jsonl").read_text().splitlines()]
    once = [action for action in told if action != "alert.changed"]  # alerts grow while a video is sensed
    assert once == ["original.kept", "analysis.asked", "alert.published", "analysis.done", "bag.asked"]
    assert head["sequence"] >= len(told) + 2, "sealed and fetched, and whatever else was done meanwhile"


def test_entries_about_other_cases_are_withheld_and_the_chain_still_holds(shared, video, key, tmp_path):
    async def scene():
        client = shared.client
        await alert_of(client, video, sample_fps=2.0)
        await client.post("/v1/originals", params={"name": "other.bin"}, content=b"of someone else")
        alert = await alert_of(client, video, sample_fps=1.0)
        made = (await client.post(f"/v1/alerts/{alert}/evidence", headers=key)).json()
        return (await client.get(made["bag"], headers=key)).content

    bag = unpacked(shared.run(scene()), tmp_path)
    check = Check(bag)
    assert check.run(), check.faults
    rows = [json.loads(line) for line in (bag / "data/audit/trail.jsonl").read_text().splitlines()]
    assert any(row["entry"] is None for row in rows)
    assert "someone" not in (bag / "data/audit/trail.jsonl").read_text()
    assert b"other.bin" not in (bag / "data/audit/trail.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", f"/v1/alerts/{'0' * 32}/evidence", 404),
        ("POST", "/v1/alerts/..%2F..%2Fetc/evidence", 404),
        ("GET", "/v1/evidence/..%2Foriginals/bag.zip", 404),
        ("GET", "/v1/evidence/wideberth-KR-1-000000000000-v1", 404),
        ("GET", "/v1/evidence/wideberth-..", 404),
        ("GET", "/v1/evidence/.hidden/bag.zip", 404),
    ],
)
def test_what_is_not_there_is_not_found(shared, key, method, path, status):
    async def scene():
        return await shared.client.request(method, path, headers=key)

    answer = shared.run(scene())
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith(("application/problem+json", "application/json"))
