"""tus 1.0: what was acknowledged is there, whatever broke; what arrives is what was sent."""

import asyncio
import base64
import hashlib
import random
import shutil
from collections import namedtuple

import pytest
from sqlalchemy import text
from starlette.requests import ClientDisconnect
from tus import PART, TUS, begin, offset, send, told
from waiting import in_a_loop

CONTENT = random.Random(4).randbytes(3_000_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def digest_of(content: bytes, algorithm: str = "sha256") -> dict[str, str]:
    value = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    return {"Upload-Checksum": f"{algorithm} {value}"}


@in_a_loop
async def test_a_whole_file_becomes_an_original(gateway, tmp_path) -> None:
    async with gateway() as client:
        path = await begin(client, len(CONTENT))
        answer = await send(client, path, 0, CONTENT)
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(len(CONTENT)))
        assert answer.headers["wideberth-sha256"] == SHA256
        assert (await client.get(f"/v1/originals/{SHA256}")).json()["name"] == "clip.mp4"
        kept = tmp_path / "data" / "originals" / SHA256
        assert kept.read_bytes() == CONTENT
        assert kept.stat().st_mode & 0o777 == 0o444
        assert not list((tmp_path / "data" / "uploads").iterdir())


@in_a_loop
async def test_it_says_what_it_can(gateway) -> None:
    async with gateway() as client:
        answer = await client.options("/v1/uploads")
        assert answer.status_code == 204
        assert answer.headers["tus-version"] == "1.0.0"
        assert set(answer.headers["tus-extension"].split(",")) >= {"creation", "checksum", "termination", "expiration"}


@in_a_loop
async def test_it_goes_on_after_a_restart_where_it_stood(gateway, tmp_path) -> None:
    async with gateway() as client:
        path = await begin(client, len(CONTENT))
        assert (await send(client, path, 0, CONTENT[:1_234_567])).status_code == 204
    partial = next((tmp_path / "data" / "uploads").iterdir())
    with partial.open("ab") as file:
        file.write(b"written, never acknowledged")
    async with gateway() as client:
        stands = await offset(client, path)
        assert stands == 1_234_567
        assert (await send(client, path, stands, CONTENT[stands:])).headers["wideberth-sha256"] == SHA256


@in_a_loop
async def test_acknowledged_bytes_that_are_gone_are_told(gateway, tmp_path) -> None:
    async with gateway() as client:
        path = await begin(client, len(CONTENT))
        await send(client, path, 0, CONTENT[:1000])
        partial = next((tmp_path / "data" / "uploads").iterdir())
        partial.write_bytes(CONTENT[:10])
        answer = await send(client, path, 1000, CONTENT[1000:])
        assert answer.status_code == 500
        assert "1000 bytes were kept and 10 are there" in answer.json()["detail"]


@in_a_loop
async def test_any_cutting_gives_the_same_file(gateway) -> None:
    async with gateway() as client:
        chance = random.Random(11)
        for turn in range(6):
            content = CONTENT[turn:] + bytes([turn])
            path, at = await begin(client, len(content)), 0
            while at < len(content):
                size = chance.choice((1, 100, 70_000, 1_000_000))
                if chance.random() < 0.3:  # a client that lost count is told, and nothing is harmed
                    wrong = await send(client, path, at + 1, b"x")
                    assert wrong.status_code == 409
                answer = await send(client, path, at, content[at : at + size])
                at = int(answer.headers["upload-offset"])
            assert answer.headers["wideberth-sha256"] == hashlib.sha256(content).hexdigest()


@in_a_loop
async def test_a_line_that_breaks_costs_nothing_that_came(gateway) -> None:
    async with gateway() as client:
        path = await begin(client, len(CONTENT))

        async def broken():
            yield CONTENT[:2_000_000]
            raise ClientDisconnect

        await send(client, path, 0, broken())
        assert await offset(client, path) == 2_000_000


@in_a_loop
async def test_a_dead_request_does_not_block_the_next(gateway) -> None:
    async with gateway() as client:
        path = await begin(client, len(CONTENT))
        hangs = asyncio.Event()

        async def hanging():
            yield CONTENT[:500_000]
            hangs.set()
            await asyncio.Event().wait()

        dead = asyncio.create_task(send(client, path, 0, hanging()))
        await hangs.wait()
        await asyncio.sleep(0.1)
        taken = await send(client, path, 0, CONTENT[:10])
        assert taken.status_code == 409, "what the dead request brought is kept"
        assert (await dead).status_code == 409
        stands = await offset(client, path)
        assert stands == 500_000
        assert (await send(client, path, stands, CONTENT[stands:])).headers["wideberth-sha256"] == SHA256


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
@in_a_loop
async def test_a_wrong_checksum_moves_nothing(gateway, algorithm) -> None:
    async with gateway() as client:
        path = await begin(client, len(CONTENT))
        good, bad = CONTENT[:700_000], CONTENT[:699_999] + b"?"
        assert (await send(client, path, 0, bad, digest_of(good, algorithm))).status_code == 460
        assert await offset(client, path) == 0
        assert (await send(client, path, 0, good, digest_of(good, algorithm))).status_code == 204
        assert (await send(client, path, 700_000, CONTENT[700_000:])).headers["wideberth-sha256"] == SHA256


@in_a_loop
async def test_a_checked_part_that_breaks_is_not_half_kept(gateway) -> None:
    async with gateway() as client:
        path = await begin(client, len(CONTENT))

        async def broken():
            yield CONTENT[:2_000_000]
            raise ClientDisconnect

        await send(client, path, 0, broken(), digest_of(CONTENT))
        assert await offset(client, path) == 0


@in_a_loop
async def test_the_whole_file_must_be_what_it_was_said_to_be(gateway) -> None:
    async with gateway() as client:
        path = await begin(client, 5, sha256="0" * 64)
        answer = await send(client, path, 0, b"other")
        assert answer.status_code == 460
        assert "send the file again" in answer.json()["remedy"]
        assert (await client.head(path, headers=TUS)).status_code == 404


@in_a_loop
async def test_a_file_that_is_here_is_complete_at_once(gateway, tmp_path) -> None:
    async with gateway() as client:
        await send(client, await begin(client, len(CONTENT)), 0, CONTENT)
        again = await begin(client, len(CONTENT), "again.mp4", sha256=SHA256)
        assert await offset(client, again) == len(CONTENT)
        assert (await client.get(again)).json()["sha256"] == SHA256
        await send(client, await begin(client, len(CONTENT), "unknown.mp4"), 0, CONTENT)
        assert len(list((tmp_path / "data" / "originals").iterdir())) == 1


@in_a_loop
async def test_an_upload_can_be_ended(gateway, tmp_path) -> None:
    async with gateway() as client:
        path = await begin(client, 100)
        await send(client, path, 0, b"x" * 10)
        assert (await client.delete(path, headers=TUS)).status_code == 204
        assert (await client.head(path, headers=TUS)).status_code == 404
        assert not list((tmp_path / "data" / "uploads").iterdir())


@in_a_loop
async def test_nobody_goes_on_with_it_and_it_is_cleared(gateway, tmp_path) -> None:
    async with gateway(upload_keep_s=60) as client:
        path = await begin(client, 100)
        desk = client._transport.app.state.uploads
        assert await desk.clear() == 0
        with desk.engine.begin() as connection:
            connection.execute(text("UPDATE uploads SET expires_epoch_s = 1"))
        assert await desk.clear() == 1
        assert (await client.head(path, headers=TUS)).status_code == 404
        assert not list((tmp_path / "data" / "uploads").iterdir())


@in_a_loop
async def test_old_lines_may_override_the_method(gateway) -> None:
    async with gateway() as client:
        path = await begin(client, len(CONTENT))
        headers = TUS | PART | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
        assert (await client.post(path, content=CONTENT, headers=headers)).headers["wideberth-sha256"] == SHA256
        assert (await client.post(path, headers=TUS)).status_code == 400


@in_a_loop
async def test_bytes_may_come_with_the_creation(gateway) -> None:
    async with gateway() as client:
        headers = TUS | PART | {"Upload-Length": str(len(CONTENT))} | told(filename="a.mp4")
        answer = await client.post("/v1/uploads", content=CONTENT, headers=headers)
        assert (answer.status_code, answer.headers["wideberth-sha256"]) == (201, SHA256)


@pytest.mark.parametrize(
    ("headers", "status", "says"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "tus 1.0.0"),
        ({"Upload-Length": "many"}, 400, "Upload-Length"),
        ({"Upload-Length": "0"}, 400, "empty"),
        ({"Upload-Length": str(1 << 50)}, 413, "above"),
        ({"Upload-Metadata": ""}, 400, "no name"),
        ({"Upload-Metadata": "filename !!"}, 400, "base64"),
        ({"Upload-Metadata": "a YQ==,a YQ=="}, 400, "twice"),
        ({"Upload-Defer-Length": "1"}, 400, "unknown length"),
    ],
)
@in_a_loop
async def test_what_cannot_be_taken_is_told_before_the_first_byte(gateway, headers, status, says) -> None:
    async with gateway() as client:
        sent = TUS | {"Upload-Length": "10"} | told(filename="a.mp4") | headers
        answer = await client.post("/v1/uploads", headers=sent)
        assert answer.status_code == status, answer.text
        problem = answer.json()
        assert says in f"{problem['detail']} {problem['where']}"


@in_a_loop
async def test_more_than_announced_is_refused(gateway) -> None:
    async with gateway() as client:
        path = await begin(client, 10)
        assert (await send(client, path, 0, b"x" * 11)).status_code == 413


@in_a_loop
async def test_a_disk_without_room_says_so_before_the_first_byte(gateway, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12 - 5 * 10**9, 5 * 10**9))
    async with gateway() as client:
        await begin(client, 3 * 10**9)
        sent = TUS | {"Upload-Length": str(3 * 10**9)} | told(filename="b.mp4")
        answer = await client.post("/v1/uploads", headers=sent)
        assert answer.status_code == 503, "what was promised to others counts too"
        assert "free some space" in answer.json()["remedy"]


@in_a_loop
async def test_a_path_in_the_name_stays_a_name(gateway) -> None:
    async with gateway() as client:
        path = await begin(client, 1, "../../etc/DJI_0001.MP4")
        assert (await client.get(path)).json()["name"] == "DJI_0001.MP4"


def test_a_person_brings_no_more_than_their_share(gateway):
    """Told before the first byte, by either way in; what is here already, or gone again, costs nothing."""
    share = 1000

    async def scene():
        async with gateway(quota_bytes=share) as client:
            path = await begin(client, 600, "a.mp4")
            refused = await client.post("/v1/uploads", headers=TUS | {"Upload-Length": "500"} | told(filename="b.mp4"))
            assert refused.status_code == 413
            problem = refused.json()
            assert "400 are left of the 1000" in problem["detail"]
            assert (problem["where"], "QUOTA_BYTES" in problem["remedy"]) == ("b.mp4", True)
            first = await send(client, path, 0, b"a" * 600)
            digest = first.headers["wideberth-sha256"]
            direct = await client.post("/v1/originals", params={"name": "c.mp4"}, content=b"c" * 500)
            assert direct.status_code == 413

            async def chunks():
                yield b"c" * 500

            chunked = await client.post("/v1/originals", params={"name": "c.mp4"}, content=chunks())
            assert chunked.status_code == 413
            again = await begin(client, 600, "a.mp4", sha256=digest)
            assert (await client.head(again, headers=TUS)).headers["upload-offset"] == "600"
            assert (await client.post("/v1/originals", params={"name": "d.mp4"}, content=b"d" * 400)).status_code == 201
            ended = await begin_ended(client)
            assert ended == 413

    async def begin_ended(client) -> int:
        answer = await client.post("/v1/uploads", headers=TUS | {"Upload-Length": "1"} | told(filename="e.mp4"))
        return answer.status_code

    asyncio.run(scene())
