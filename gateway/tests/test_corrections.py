"""Corrections: kept with who, when and why, never altered, applied in order, handed out as a training set."""

import io
import json
import zipfile

import pytest
import sqlalchemy as sa
from asking_analyses import ask
from synthetic import HEIGHT_PX, WIDTH_PX
from waiting import until_ended

from wideberth_gateway.access.roles import Role
from wideberth_gateway.store.audit import trail
from wideberth_gateway.store.engine import writing
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.replay_tables import corrections as table

BOX = {"cx_px": 60.0, "cy_px": 50.0, "length_px": 12.0, "width_px": 4.0, "angle_deg": 30.0}


@pytest.fixture(scope="module")
def done(shared, video) -> str:
    async def scene():
        view = await until_ended(shared.client, (await ask(shared.client, video)).json()["id"])
        span = (await shared.client.get(f"/v1/analyses/{view['id']}/replay/spans/0")).json()
        return view["id"], span["pts"]

    return shared.run(scene())


def send(shared, analysis, body, why="seen so"):
    return shared.run(shared.client.post(f"/v1/analyses/{analysis}/corrections", json={"body": body, "why": why}))


def test_a_corrected_frame_becomes_a_training_example(shared, done):
    analysis, pts = done
    before = shared.run(shared.client.get(f"/v1/analyses/{analysis}/results/tracks.parquet")).content
    bodies = [
        {"type": "box", "pts": pts[2], "track": "v1", "box": BOX},
        {"type": "missed", "pts": pts[2], "kind": "dolphin", "box": BOX | {"cx_px": 20.0}},
        {"type": "nothing", "pts": pts[2], "track": "d0"},
        {"type": "class", "pts": pts[3], "track": "v2", "kind": "jet_ski"},
        {"type": "checked", "pts": pts[5]},
        {"type": "identity", "pts": pts[4], "track": "v1", "same_as": "v9"},
    ]
    answers = [send(shared, analysis, body) for body in bodies]
    assert [answer.status_code for answer in answers] == [201] * len(bodies), [answer.text for answer in answers]
    assert answers[0].json()["actor"] == "client"
    listed = shared.run(shared.client.get(f"/v1/analyses/{analysis}/corrections")).json()
    assert [one["body"]["type"] for one in listed] == [body["type"] for body in bodies]
    answer = shared.run(shared.client.get(f"/v1/analyses/{analysis}/corrections/training-set"))
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        names = packed.namelist()
        coco = json.loads(packed.read("annotations.json"))
        told = json.loads(packed.read("corrections.json"))
        pictures = [packed.read(name) for name in names if name.startswith("images/")]
        labels = {name: packed.read(name).decode() for name in names if name.startswith("labels/")}
    assert [one["pts"] for one in coco["images"]] == [pts[2], pts[3], pts[4], pts[5]]
    assert [picture[:2] for picture in pictures] == [b"\xff\xd8"] * 4
    kinds = {number["id"]: number["name"] for number in coco["categories"]}
    frames = {one["id"]: one["pts"] for one in coco["images"]}
    found = {(frames[one["image_id"]], one["track_id"]): one for one in coco["annotations"]}
    assert found[pts[2], "v1"]["oriented_px"] == BOX
    assert found[pts[2], "v1"]["by_person"]
    assert (pts[2], "d0") not in found
    assert (pts[3], "d0") in found
    assert kinds[found[pts[5], "v2"]["category_id"]] == "jet_ski"
    assert (pts[3], "v1") in found
    assert (pts[4], "v9") in found
    assert (pts[4], "v1") not in found
    missed = [one for one in coco["annotations"] if one["track_id"].startswith("person-")]
    assert [kinds[one["category_id"]] for one in missed] == ["dolphin"]
    of_second = next(text for name, text in labels.items() if name.endswith(f"pts_{pts[2]}.txt"))
    assert sorted(line.split()[0] for line in of_second.splitlines()) == ["0", "1", "2"]
    assert told == listed
    assert shared.run(shared.client.get(f"/v1/analyses/{analysis}/results/tracks.parquet")).content == before
    entries = [link.entry for link in trail(shared.app.state.engine) if link.entry["subject"] == analysis]
    assert sum(entry["action"] == "correction.made" for entry in entries) == len(bodies)
    assert any(entry["details"].get("form") == "training-set" for entry in entries if entry["action"] == "export.made")


def test_clutter_teaches_the_screening_until_it_is_taken_back(shared, done):
    analysis, pts = done
    made = send(shared, analysis, {"type": "clutter", "pts": pts[0], "track": "d0"}, "a patch of glint").json()
    key = {"Authorization": f"Bearer {add_key(shared.app.state.engine, 'officer', Role.REVIEWER)}"}

    def rows():
        text = shared.run(shared.client.get("/v1/alerts/rejections", headers=key)).text
        return [json.loads(line) for line in text.splitlines() if made["id"] in line]

    assert [(row["tracks"], row["label"], row["comment"]) for row in rows()] == [
        (["d0"], "clutter", "a patch of glint")
    ]
    packed = shared.run(shared.client.get(f"/v1/analyses/{analysis}/corrections/training-set")).content
    names = zipfile.ZipFile(io.BytesIO(packed)).namelist()
    assert [name for name in names if name.startswith(f"screening/clutter/{analysis[:12]}_d0_")]
    back = send(shared, analysis, {"type": "taken_back", "correction": made["id"]}, "it dived")
    assert back.status_code == 201
    assert rows() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"type": "box", "pts": 1, "track": "v1", "box": BOX}, 404),
        ({"type": "box", "pts": 0, "track": "v77", "box": BOX}, 404),
        ({"type": "missed", "pts": 0, "kind": "dolphin", "box": BOX | {"cx_px": WIDTH_PX + 1.0}}, 400),
        ({"type": "missed", "pts": 0, "kind": "dolphin", "box": BOX | {"cy_px": HEIGHT_PX * 2.0}}, 400),
        ({"type": "taken_back", "correction": "0" * 32}, 404),
        ({"type": "guess", "pts": 0}, 422),
    ],
)
def test_what_cannot_be_is_refused(shared, done, body, status):
    assert send(shared, done[0], body).status_code == status


def test_the_database_refuses_changes(shared, done):
    send(shared, done[0], {"type": "checked", "pts": done[1][0]})
    for change in (sa.update(table).values(why="otherwise"), sa.delete(table)):
        with (
            pytest.raises(sa.exc.DBAPIError, match="only ever appended"),
            writing(shared.app.state.engine) as connection,
        ):
            connection.execute(change)
