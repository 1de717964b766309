"""Segments that kill whoever senses them, hang or fail: the flight goes on without them, and says so."""

import asyncio
import json
import signal
import time
from functools import partial

import httpx
import pytest
from gateway_process import Process
from synthetic import Detector, make_video, opened
from test_store import VIDEO, analysis
from waiting import until_ended

from wideberth_contracts.errors import BrokeOff
from wideberth_gateway.analyses.alone import Alone
from wideberth_gateway.app import create_gateway
from wideberth_gateway.remote import http_stages
from wideberth_gateway.rules.catalogue import packs_with
from wideberth_gateway.rules.judge import LocalJudge
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store import trials
from wideberth_gateway.store.analyses import keep_original, open_analysis

SETTINGS = {"segment_s": 1.0, "sample_fps": 5.0}
GAP = {"start_s": 3.0, "stop_s": 4.0}


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return make_video(tmp_path_factory.mktemp("clips") / "long.mp4", seconds=6)


def check_told(view: dict, summary: dict, encounters: dict, reason: str) -> None:
    """The analysis is done, the span is named with its reason, and nothing near it is called compliant."""
    assert (view["state"], view["problem"]) == ("done", None)
    (gap,) = view["not_looked_at"]
    assert {key: gap[key] for key in GAP} == GAP
    assert reason in gap["reason"]
    assert any("가" <= sign <= "힣" for sign in gap.pop("korean")), "why is told in Korean too"
    assert summary["not_looked_at"] == [gap]
    assert any(line.startswith("not looked at: 3 s to 4 s") for line in summary["warnings"])
    assert summary["counts"]["frames"]["failed"] == {"not_looked_at": 5}
    assert encounters["encounters"]
    for row in encounters["encounters"]:
        assert row["verdict"] != "compliant"
    assert any("not looked at" in note for note in encounters["notes"])


def told_by(process: Process, analysis_id: str) -> tuple[dict, dict]:
    return tuple(json.loads(process.result(analysis_id, name)) for name in ("analysis.json", "encounters.json"))


@pytest.mark.parametrize(
    ("how", "reason"),
    [("SIGSEGV", "ended by SIGSEGV"), pytest.param("exit", "ended with code 9", marks=pytest.mark.slow)],
)
def test_a_segment_that_kills_its_process_does_so_to_the_gateway_once(tmp_path, clip, how, reason):
    process = Process(tmp_path / "data", 0.0, poison=f"3.0 {how}")
    process.start()
    try:
        asked = process.ask(clip, **SETTINGS)
        ended = process.until_dead()
        assert ended == (9 if how == "exit" else -signal.SIGSEGV)
        process.start()
        view = process.until_ended(asked["id"])
        check_told(view, *told_by(process, asked["id"]), reason)
        # The gateway, and three processes that took the segment alone.
        at_it = {line.split()[0] for line in process.log.read_text().splitlines() if 3.0 <= float(line.split()[1]) < 4}
        assert len(at_it) == 4
    finally:
        process.stop()


def test_a_gateway_that_is_killed_often_gives_nothing_up(tmp_path, clip):
    """Four kills in the middle of one segment: none of them is held against it."""
    process = Process(tmp_path / "data", 0.25)
    process.start()
    try:
        asked = process.ask(clip, segment_s=6.0, sample_fps=5.0)
        for _ in range(4):
            before = len(process.log.read_text().splitlines()) if process.log.exists() else 0
            until = time.monotonic() + 60
            while not process.log.exists() or len(process.log.read_text().splitlines()) < before + 2:
                assert time.monotonic() < until
                time.sleep(0.05)
            process.kill()
            process.start()
        view = process.until_ended(asked["id"])
        assert (view["state"], view["not_looked_at"]) == ("done", [])
    finally:
        process.stop()


async def asked_in_process(data_dir, clip, detector: Detector, **given: object) -> tuple[dict, dict, dict]:
    settings = GatewaySettings(data_dir=data_dir, job_poll_s=0.1, **given)
    app = create_gateway(partial(opened, detector), settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://gateway", timeout=60)
    async with app.router.lifespan_context(app), client:
        params = {"name": clip.name, "settings": json.dumps(SETTINGS)}
        asked = (await client.post("/v1/analyses", params=params, content=clip.read_bytes())).json()
        view = await until_ended(client, asked["id"])
        results = [f"/v1/analyses/{asked['id']}/results/{name}" for name in ("analysis.json", "encounters.json")]
        return view, *[(await client.get(path)).json() for path in results]


def test_a_segment_that_fails_three_times_is_left_out(tmp_path, clip):
    told = asyncio.run(asked_in_process(tmp_path / "data", clip, Detector(poison="3.0 raise", log=tmp_path / "log")))
    check_told(*told, "unexpected fault (RuntimeError)")
    assert "secret" not in json.dumps(told)
    tries = [line for line in (tmp_path / "log").read_text().splitlines() if line.endswith(" 3.000")]
    assert len(tries) == 3


class Hanging(Detector):
    """Waits for ever where `poison` says, in a way that can be stopped."""

    async def detect(self, frame, settings, attention=None):
        if 3.0 <= frame.meta.t_s < 3.2:
            await asyncio.sleep(3600)
        return await super().detect(frame, settings, attention)


def test_a_frame_that_never_ends_is_a_failure(tmp_path, clip):
    told = asyncio.run(asked_in_process(tmp_path / "data", clip, Hanging(), frame_limit_s=1.0))
    check_told(*told, "no frame was finished in 1 s")


class Breaking(Detector):
    """A service that breaks off: at one frame always, or at another frame each time."""

    def __init__(self, always: bool) -> None:
        super().__init__()
        self.always, self.broke = always, 0

    async def detect(self, frame, settings, attention=None):
        at = 3.0 if self.always else (self.broke % 5) * 0.2 + 3.0
        if abs(frame.meta.t_s - at) < 0.05 and self.broke < 8:
            self.broke += 1
            raise BrokeOff("the service broke off while it worked (ReadError)", where="http://detector/v1/detect")
        return await super().detect(frame, settings, attention)


def test_a_service_that_breaks_off_at_the_same_frame_is_killed_by_it(tmp_path, clip):
    told = asyncio.run(asked_in_process(tmp_path / "data", clip, Breaking(always=True)))
    check_told(*told, "frame at 3.000 s: the service broke off")


def test_a_service_that_breaks_off_here_and_there_is_asked_again(tmp_path, clip):
    view, summary, _ = asyncio.run(asked_in_process(tmp_path / "data", clip, Breaking(always=False)))
    assert (view["state"], view["not_looked_at"], summary["not_looked_at"]) == ("done", [], [])


def test_where_nothing_can_be_looked_at_the_analysis_fails(tmp_path, clip):
    class Broken(Detector):
        async def detect(self, frame, settings, attention=None):
            raise RuntimeError("the secret inside")

    view, *_ = asyncio.run(asked_in_process(tmp_path / "data", clip, Broken()))
    assert view["state"] == "failed"
    assert "no part of the video could be looked at" in view["problem"]["detail"]


def test_deaths_count_where_a_segment_cannot_be_sensed_apart(engine):
    """Without a process of its own three deaths are all there is to go by."""
    keep_original(engine, VIDEO)
    for letter in "ab":
        open_analysis(engine, analysis(letter))
    trials_of = partial(trials.begin, engine, analysis("a").id, 0, can_be_alone=False)
    assert [trials_of().failures for _ in range(4)] == [0, 1, 2, 3]
    apart = [trials.begin(engine, analysis("b").id, 0, can_be_alone=True) for _ in range(5)]
    assert [(one.alone, one.failures) for one in apart] == [(False, 0)] + [(True, 0)] * 4


def test_what_opens_the_ports_can_be_sent_to_another_process(tmp_path):
    """Those of `wideberth serve` and `worker` in tests/e2e; here that of `python -m wideberth_gateway`."""
    assert Alone(partial(http_stages, GatewaySettings(data_dir=tmp_path)), 1.0).possible
    assert Alone(partial(opened, Detector(), LocalJudge(packs_with(tmp_path))), 1.0).possible
    assert not Alone(lambda: opened(), 1.0).possible
