"""What the page plays from: all frames of the video by span, and everything that was seen in the analysed ones."""

import asyncio
import base64
import struct

import pyarrow.parquet as pq
import pytest
from asking_analyses import ask
from waiting import until_ended

from wideberth_contracts.errors import Busy
from wideberth_gateway.replay.clearing import MOST_WAITING, OneAtATime
from wideberth_media import frame_times
from wideberth_pipeline.aside_list import HEAD as ASIDE_HEAD
from wideberth_pipeline.frame_list import FRAMES_FILE, HEAD, FrameList


@pytest.fixture(scope="module")
def done(shared, video) -> str:
    async def scene():
        return (await until_ended(shared.client, (await ask(shared.client, video)).json()["id"]))["id"]

    return shared.run(scene())


def get(shared, path):
    return shared.run(shared.client.get(path))


def listed(shared, done) -> list[int]:
    found = []
    spans = get(shared, f"/v1/analyses/{done}/replay").json()["spans"]
    for span in spans:
        content = get(shared, f"/v1/analyses/{done}/replay/spans/{span['index']}/frames").content
        _, _, _, count, first, pts = HEAD.unpack_from(content)
        assert first == len(found)
        steps = struct.unpack(f"<{count - 1}Q", content[HEAD.size :])
        found.append(pts)
        for step in steps:
            found.append(found[-1] + step)
    return found


def test_every_frame_of_the_video_is_listed_by_span(shared, done, video):
    frames = get(shared, f"/v1/analyses/{done}/replay").json()["frames"]
    assert listed(shared, done) == [one.pts for one in frame_times(video)]
    assert (frames["count"], frames["first_pts"]) == (60, 0)
    assert "frames.bin" not in get(shared, f"/v1/analyses/{done}/results").json()


def test_an_older_analysis_gets_its_list_from_the_video(shared, done, video):
    path = shared.app.state.folders.analysis(done) / FRAMES_FILE
    kept = path.read_bytes()
    path.unlink()
    assert get(shared, f"/v1/analyses/{done}/replay").json()["frames"]["count"] == 60
    assert path.read_bytes() == kept


def test_a_span_holds_places_with_their_errors_poses_and_separations(shared, done):
    span = get(shared, f"/v1/analyses/{done}/replay/spans/1").json()
    frames = len(span["pts"])
    assert [pose["height_m"] for pose in span["poses"]] == [60.0] * frames
    places = span["places"]
    assert len(places["frame"]) == 3 * frames
    assert set(places["ellipse_major_m"]) == {round(0.5 * 2.4477, 3)}
    apart = span["separations"]
    assert set(apart["craft"]) == {"v1", "v2"}
    assert all(2.0 <= t_s < 4.0 for t_s in apart["t_s"])
    assert all(
        low <= value <= high
        for low, value, high in zip(apart["low_95_m"], apart["separation_m"], apart["high_95_m"], strict=True)
    )
    assert set(span["raw"]["note"]) == {""}, "every detection is held by a believed track"
    assert span["rejections"] == [[{"reason": "duplicate", "count": 1}]] * frames


def test_what_was_set_aside_is_handed_out_by_span_and_its_count_agrees(shared, done):
    address = f"/v1/analyses/{done}/replay/spans/1"
    span, aside = get(shared, address).json(), get(shared, address + "/aside")
    assert aside.headers["content-type"] == "application/octet-stream"
    magic, frames, boxes, words, _ = ASIDE_HEAD.unpack_from(aside.content)
    assert (magic, frames) == (b"WBASIDE1", len(span["pts"]))
    assert boxes == sum(one["count"] for frame in span["rejections"] for one in frame) == frames
    assert struct.unpack_from(f"<{frames}q", aside.content, ASIDE_HEAD.size) == tuple(span["pts"])
    assert aside.content[-words:].decode().split("\n") == ["dolphin", "duplicate"]
    (x_px,) = struct.unpack_from("<f", aside.content, ASIDE_HEAD.size + 8 * frames + 4 * (frames + 1))
    assert x_px == 130.0
    assert get(shared, f"/v1/analyses/{done}/replay/spans/99/aside").status_code == 404


def test_an_analysis_older_than_what_was_set_aside_says_how_many_and_holds_none(shared, done):
    path = shared.app.state.folders.analysis(done) / "segments" / "00001.parquet"
    kept = path.read_bytes()
    pq.write_table(pq.read_table(path).drop_columns(["aside"]), path)
    try:
        aside = get(shared, f"/v1/analyses/{done}/replay/spans/1/aside")
        span = get(shared, f"/v1/analyses/{done}/replay/spans/1").json()
    finally:
        path.write_bytes(kept)
    assert aside.status_code == 200
    assert ASIDE_HEAD.unpack_from(aside.content)[1:4] == (len(span["pts"]), 0, 0)
    assert span["rejections"][0] == [{"reason": "duplicate", "count": 1}]


def test_a_list_is_read_as_it_was_written():
    made = FrameList(1, 90_000, (45_000, 48_003, 51_003, 2**33))
    assert FrameList.unpacked(made.packed()) == made
    assert made.window(0.0, 0.05) == (0, 2)
    assert (made.offset_s, made.number(51_003)) == (0.5, 2)
    with pytest.raises(ValueError, match="no whole list"):
        FrameList.unpacked(made.packed(1))
    assert FrameList.unpacked(FrameList(1, 1000, ()).packed()).pts == ()


def test_a_frame_is_cleared_again_as_in_the_analysis(shared, done):
    answer = shared.run(shared.client.post(f"/v1/analyses/{done}/replay/cleared/4096"))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["pts"], told["outcome"], told["glint_fraction"]) == (4096, "no_glint", 0.0)
    assert base64.b64decode(told["picture_jpeg"])[:2] == b"\xff\xd8"
    assert base64.b64decode(told["mask_png"])[1:4] == b"PNG"
    assert shared.run(shared.client.post(f"/v1/analyses/{done}/replay/cleared/5")).status_code == 404


def test_only_a_few_wait_for_a_cleared_frame():
    async def scene():
        turns = OneAtATime()
        free = asyncio.Event()

        async def one():
            async with turns:
                await free.wait()

        waiting = [asyncio.create_task(one()) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await turns.__aenter__()
        free.set()
        await asyncio.gather(*waiting)
        async with turns:
            pass

    asyncio.run(scene())
