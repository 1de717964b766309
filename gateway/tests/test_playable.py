"""Copies that every browser plays: made beside the analyses where one is needed, at the original's times, by range."""

import asyncio
import time
from fractions import Fraction

import av
import numpy as np
import pytest
from asking_analyses import ask
from synthetic import HEIGHT_PX, WIDTH_PX
from waiting import until_ended

from wideberth_gateway.store import proxies as store
from wideberth_gateway.store.engine import writing
from wideberth_gateway.store.proxies import ProxyState
from wideberth_gateway.store.replay_tables import proxies
from wideberth_media import frame_times, probe


@pytest.fixture(scope="module")
def hevc(tmp_path_factory):
    """H.265 with ten bits, as some drones record by default."""
    path = tmp_path_factory.mktemp("clips") / "ten_bit.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=Fraction(10), options={"x265-params": "log-level=none"})
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p10le"
        for number in range(30):
            picture = np.full((HEIGHT_PX, WIDTH_PX), number * 8 % 255, dtype=np.uint8)
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(picture, format="gray").reformat(format="yuv420p10le"))
            )
        container.mux(stream.encode())
    return path


async def until_told(client, analysis_id, *states):
    for _ in range(400):
        told = (await client.get(f"/v1/analyses/{analysis_id}/replay/playable")).json()
        if told["state"] in states:
            return told
        await asyncio.sleep(0.1)
    raise AssertionError(f"still {told}")


def test_a_copy_is_made_where_a_browser_might_not_play_the_original(shared, hevc, tmp_path):
    async def scene():
        first = await until_ended(shared.client, (await ask(shared.client, hevc)).json()["id"])
        told = await until_told(shared.client, first["id"], "made", "failed")
        whole = await shared.client.get(told["video"])
        part = await shared.client.get(told["video"], headers={"Range": "bytes=4-7"})
        original = await shared.client.get(f"/v1/analyses/{first['id']}/replay/video")
        manifest = (await shared.client.get(f"/v1/analyses/{first['id']}/replay")).json()
        second = await until_ended(shared.client, (await ask(shared.client, hevc, sample_fps=2.0)).json()["id"])
        again = await until_told(shared.client, second["id"], "made", "failed")
        return told, whole.content, part, original.content, manifest, again

    told, whole, part, original, manifest, again = shared.run(scene())
    assert (told["state"], told["problem"], again["state"]) == ("made", None, "made")
    assert manifest["proxy"]["video"] == told["video"]
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert original == hevc.read_bytes()
    (tmp_path / "proxy.mp4").write_bytes(whole)
    assert probe(tmp_path / "proxy.mp4").codec == "h264"
    times = [[one.t_s for one in frame_times(path)] for path in (hevc, tmp_path / "proxy.mp4")]
    assert times[0] == times[1]


def test_none_is_made_of_what_every_browser_plays(shared, video):
    async def scene():
        view = await until_ended(shared.client, (await ask(shared.client, video)).json()["id"])
        told = await until_told(shared.client, view["id"], "not_needed", "made", "failed")
        return told, await shared.client.get(f"/v1/analyses/{view['id']}/replay/proxy")

    told, missing = shared.run(scene())
    assert told == {"state": "not_needed", "video": None, "problem": None, "problem_korean": None}
    assert missing.status_code == 404


def test_a_silent_maker_is_replaced_and_hopeless_ones_end(engine):
    store.want(engine, "a" * 64, "f" * 64)
    assert store.want(engine, "a" * 64, "f" * 64).state is ProxyState.WANTED
    mine = store.claim(engine, "one")
    assert mine.analysis_id == "a" * 64
    assert store.claim(engine, "two") is None
    assert store.beat(engine, mine, "one")
    for tries in range(2, store.MOST_TRIES + 1):
        silent(engine)
        assert store.claim(engine, "two").tries == tries
        assert not store.beat(engine, mine, "one")
    silent(engine)
    assert store.claim(engine, "three") is None
    assert store.find(engine, "a" * 64).state is ProxyState.FAILED
    blurred = store.want(engine, "c" * 64, "f" * 64, "blurred-whole")
    store.end(engine, blurred, ProxyState.MADE)
    assert store.made_of(engine, "f" * 64) is None, "a blurred copy is no playable one"
    store.end(engine, store.want(engine, "b" * 64, "f" * 64), ProxyState.MADE)
    assert store.made_of(engine, "f" * 64) == "b" * 64
    assert store.made_of(engine, "e" * 64) is None


def silent(engine):
    with writing(engine) as connection:
        connection.execute(proxies.update().values(beat_epoch_s=time.time() - 2 * store.LEASE_S))
