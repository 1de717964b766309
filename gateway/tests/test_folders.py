"""Folders registered where they lie: through the API below roots alone, never copied, never taken for another file."""

import asyncio
import os
import time

import pytest
from waiting import in_a_loop, until_ended

from wideberth_contracts.errors import BadInput, Unavailable
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.flights.folder_files import files_of
from wideberth_gateway.flights.registering import Registrar, check_place


@pytest.fixture
def card(tmp_path, video):
    folder = tmp_path / "card" / "DCIM"
    folder.mkdir(parents=True)
    (folder / "DJI_0001.MP4").write_bytes(video.read_bytes())
    (folder / "DJI_0001.SRT").write_bytes(b"telemetry")
    return tmp_path / "card"


async def ended(client, registration: dict) -> dict:
    for _ in range(400):
        view = (await client.get(f"/v1/folders/{registration['id']}")).json()
        if view["state"] != "running":
            return view
        await asyncio.sleep(0.05)
    raise AssertionError(view)


async def registered(client, folder: str = "") -> dict:
    asked = await client.post("/v1/folders", json={"root": "card", "folder": folder})
    assert asked.status_code == 202, asked.text
    return await ended(client, asked.json())


@in_a_loop
async def test_a_folder_becomes_a_flight_that_can_be_analysed_and_nothing_is_copied(gateway, card, tmp_path) -> None:
    async with gateway(register_roots={"card": card, "gone": tmp_path / "gone"}) as client:
        assert (await client.get("/v1/folders")).json() == {"roots": {"card": True, "gone": False}}
        view = await registered(client, "DCIM")
        assert (view["state"], view["files_done"], view["files_total"]) == ("done", 2, 2)
        (flight_id,) = view["flights"]
        flight = (await client.get(f"/v1/flights/{flight_id}")).json()
        assert flight["parts"][0]["telemetry"]["name"] == "DJI_0001.SRT"
        original = tmp_path / "data" / "originals" / flight["parts"][0]["video"]["sha256"]
        assert original.is_symlink()
        assert original.resolve() == (card / "DCIM" / "DJI_0001.MP4").resolve()
        (asked,) = (await client.post(f"/v1/flights/{flight_id}/analyses", json={})).json()["analyses"]
        assert (await until_ended(client, asked["id"]))["state"] == "done"
        again = await registered(client, "DCIM")
        assert again["flights"] == [flight_id]


@pytest.mark.parametrize(
    ("root", "folder", "status"),
    [
        ("other", "", 404),
        ("card", "nowhere", 404),
        ("card", "..", 400),
        ("card", "DCIM/../..", 400),
        ("card", "/etc", 400),
        ("card", "DCIM\0", 400),
        ("card", "out", 400),
        ("card", "loop", 400),
        ("card", "x" * 2000, 422),
        ("", "", 422),
    ],
)
def test_nothing_outside_of_a_root_is_reached(gateway, card, tmp_path, root, folder, status):
    (tmp_path / "secret").mkdir()
    (card / "out").symlink_to(tmp_path / "secret")
    (card / "loop").symlink_to(card / "loop")

    async def scene():
        async with gateway(register_roots={"card": card}) as client:
            answer = await client.post("/v1/folders", json={"root": root, "folder": folder})
            assert answer.status_code == status, answer.text
            assert str(tmp_path) not in answer.text

    asyncio.run(scene())


@in_a_loop
async def test_links_in_a_folder_are_not_followed_and_faults_name_no_path(gateway, card, tmp_path, video) -> None:
    elsewhere = tmp_path / "elsewhere.mp4"
    elsewhere.write_bytes(video.read_bytes() + b"other")
    (card / "DCIM" / "DJI_0002.MP4").symlink_to(elsewhere)
    (card / "DCIM" / "linked").symlink_to(tmp_path)
    (card / "empty").mkdir()
    (card / "broken").mkdir()
    (card / "broken" / "DJI_0003.MP4").touch()
    async with gateway(register_roots={"card": card}) as client:
        assert (await registered(client, "DCIM"))["files_total"] == 2
        for folder, words in (("empty", "no recording in it"), ("broken", "the file is empty")):
            view = await registered(client, folder)
            assert view["state"] == "failed"
            assert words in view["problem"]["detail"]
            assert view["problem"]["where"].startswith(f"card/{folder}")
            assert str(tmp_path) not in str(view)


@in_a_loop
async def test_a_registration_cut_off_by_a_restart_goes_on(gateway, card, tmp_path) -> None:
    async with gateway(register_roots={"card": card}) as client:
        asked = (await client.post("/v1/folders", json={"root": "card"})).json()
    async with gateway(register_roots={"card": card}) as client:
        assert (await ended(client, asked))["state"] == "done"


@in_a_loop
async def test_a_card_that_is_pulled_is_waited_for(gateway, card, tmp_path) -> None:
    async with gateway(register_roots={"card": card}) as client:
        (flight_id,) = (await registered(client))["flights"]
        (card / "DCIM").rename(card / "pulled")
        refused = await client.post(f"/v1/flights/{flight_id}/analyses", json={})
        assert (refused.status_code, "put the card back" in refused.json()["remedy"]) == (503, True)
        (card / "pulled").rename(card / "DCIM")
        asked = await client.post(f"/v1/flights/{flight_id}/analyses", json={})
        assert (await until_ended(client, asked.json()["analyses"][0]["id"]))["state"] == "done"


def test_a_file_that_changed_since_is_never_taken_for_the_one_that_was_hashed(engine, tmp_path, video):
    folders = Folders(tmp_path / "data")
    folders.prepare()
    file = tmp_path / "clip.mp4"
    file.write_bytes(video.read_bytes())
    kept = Registrar(engine, folders, lambda sha256: None).register(file)
    check_place(engine, folders, kept.sha256, kept.name)
    os.utime(file, ns=(time.time_ns(), time.time_ns() + 1_000_000_000))
    with pytest.raises(BadInput, match="changed since it was registered"):
        check_place(engine, folders, kept.sha256, kept.name)
    file.unlink()
    with pytest.raises(Unavailable, match="not where it was registered"):
        check_place(engine, folders, kept.sha256, kept.name)
    file.write_bytes(video.read_bytes())
    again = Registrar(engine, folders, lambda sha256: None).register(file)
    assert again == kept
    check_place(engine, folders, kept.sha256, kept.name)


def test_a_copy_stays_when_the_card_goes(engine, tmp_path, video):
    folders = Folders(tmp_path / "data")
    folders.prepare()
    file = tmp_path / "clip.mp4"
    file.write_bytes(video.read_bytes())
    kept = Registrar(engine, folders, lambda sha256: None).register(file, copy=True)
    file.unlink()
    assert folders.original(kept.sha256).read_bytes() == video.read_bytes()
    assert not folders.original(kept.sha256).is_symlink()
    check_place(engine, folders, kept.sha256, kept.name)


def test_links_and_folders_without_recordings_are_refused_by_name(tmp_path, video):
    (tmp_path / "link.mp4").symlink_to(video)
    for path, words in ((tmp_path / "link.mp4", "a link"), (tmp_path, "no recording"), (tmp_path / "no", "no such")):
        with pytest.raises(BadInput, match=words) as caught:
            files_of([path])
        assert caught.value.where == str(path)
