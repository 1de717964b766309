"""Every service: health, limits, errors and metrics."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from pydantic_settings import SettingsConfigDict

from wideberth_contracts.detections import DetectSettings
from wideberth_contracts.errors import BadInput, BrokeOff, Busy, ModelUnavailable, Problem, TooLarge, Unavailable
from wideberth_contracts.settings import ServiceInfo
from wideberth_servicekit.conformance import running, service_of
from wideberth_servicekit.conformance.little_adapters import INFO, LittleDetector, LittleDistance
from wideberth_servicekit.conformance.samples import frame
from wideberth_servicekit.inprocess import in_process
from wideberth_servicekit.ports import HttpDetector, detector, distance
from wideberth_servicekit.service import Service, create_app
from wideberth_servicekit.settings import ServiceSettings, read_settings

pytestmark = pytest.mark.anyio


def problem_of(response: httpx.Response) -> Problem:
    assert response.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate_json(response.content)
    assert problem.status == response.status_code
    return problem


async def test_health_info_and_metrics() -> None:
    async with running(LittleDetector(), detector.routes()) as client:
        assert (await client.get("/livez")).json() == {"status": "alive"}
        ready = (await client.get("/readyz")).json()
        assert ready == {"status": "ready", "service": "little", "version": "1.2.3", "device": "abacus"}
        assert ServiceInfo.model_validate_json((await client.get("/info")).content) == INFO
        await HttpDetector(client).detect(frame(), DetectSettings())
        await client.post("/v1/nonsense/of/a/stranger")
        text = (await client.get("/metrics")).text
    assert 'wideberth_stage_seconds_count{service="little",verb="detect"} 1.0' in text
    assert 'wideberth_requests_total{service="little",status="200",verb="detect"} 1.0' in text
    assert 'wideberth_requests_total{service="little",status="404",verb="unknown"} 1.0' in text
    assert "stranger" not in text


async def test_a_service_with_a_token_refuses_calls_without_it() -> None:
    async with running(LittleDetector(), detector.routes(), service_token="of these services") as client:
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200
        for headers in ({}, {"Authorization": "Bearer guessed"}, {"Authorization": "of these services"}):
            for method, path in (("GET", "/info"), ("POST", "/v1/detect"), ("GET", "/openapi.json")):
                refused = problem_of(await client.request(method, path, headers=headers))
                assert (refused.status, refused.type) == (401, "urn:wideberth:error:not-signed-in")
        client.headers["Authorization"] = "Bearer of these services"
        assert (await client.get("/info")).status_code == 200
        await HttpDetector(client).detect(frame(), DetectSettings())


async def test_two_services_in_one_process_do_not_share_metrics() -> None:
    async with running(LittleDetector(), detector.routes()) as one, running(LittleDetector(), detector.routes()) as two:
        await HttpDetector(one).detect(frame(), DetectSettings())
        assert 'verb="detect"' not in (await two.get("/metrics")).text


async def failing_self_test(adapter: Any) -> None:
    raise AssertionError("wrong answer, says /secret/path")


async def test_not_ready_after_a_failed_self_test() -> None:
    app = create_app(service_of(LittleDetector(), detector.routes(), self_test=failing_self_test), ServiceSettings())
    async with in_process(app) as client:
        response = await client.get("/readyz")
        assert response.status_code == 503
        assert "self-test failed" in problem_of(response).detail
        assert "secret" not in response.text
        assert (await client.get("/livez")).status_code == 200
        with pytest.raises(Unavailable):
            await HttpDetector(client).detect(frame(), DetectSettings())


async def test_missing_weights_are_named_by_readyz_and_by_the_verb() -> None:
    @asynccontextmanager
    async def opening() -> AsyncIterator[LittleDetector]:
        raise ModelUnavailable("no weights", where="models/x", remedy="fetch them")
        yield LittleDetector()

    async def passes(adapter: LittleDetector) -> None:
        return None

    service = Service("little", "1", opening, passes, detector.routes())
    async with in_process(create_app(service, ServiceSettings())) as client:
        response = await client.get("/readyz")
        assert response.status_code == 503
        assert problem_of(response).remedy == "fetch them"
        with pytest.raises(ModelUnavailable, match="no weights"):
            await HttpDetector(client).detect(frame(), DetectSettings())


async def test_alive_but_not_ready_while_the_model_loads() -> None:
    loaded = asyncio.Event()

    async def waits(adapter: Any) -> None:
        await loaded.wait()

    app = create_app(
        service_of(LittleDetector(), detector.routes(), self_test=waits), ServiceSettings(start_wait_s=0.05)
    )
    async with in_process(app) as client:
        assert (await client.get("/livez")).status_code == 200
        response = await client.get("/readyz")
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) >= 1
        with pytest.raises(Unavailable, match="starting"):
            await HttpDetector(client).detect(frame(), DetectSettings())
        loaded.set()
        await asyncio.sleep(0.05)
        assert (await client.get("/readyz")).status_code == 200


async def test_adapter_is_closed_at_the_end() -> None:
    told: list[str] = []

    @asynccontextmanager
    async def opening() -> AsyncIterator[LittleDetector]:
        told.append("open")
        yield LittleDetector()
        told.append("closed")

    async def passes(adapter: LittleDetector) -> None:
        told.append("tested")

    async with in_process(create_app(Service("l", "1", opening, passes, detector.routes()), ServiceSettings())):
        assert told == ["open", "tested"]
    assert told == ["open", "tested", "closed"]


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "words"),
    [
        pytest.param("GET", "/v1/nothing", b"", 404, "no such path", id="unknown route"),
        pytest.param("GET", "/v1/locate", b"", 405, "Method Not Allowed", id="wrong method"),
        pytest.param("POST", "/v1/locate", b"{", 422, "JSON", id="no JSON"),
        pytest.param("POST", "/v1/locate", b"{}", 422, "body.pose: Field required", id="missing field"),
        pytest.param(
            "POST", "/v1/separate", b'{"tracks":[],"seed":0,"nonsense":1}', 422, "body.nonsense", id="unknown field"
        ),
        pytest.param("POST", "/v1/separate", b'{"tracks":[],"hold_animal_s":NaN}', 422, "hold_animal_s", id="NaN"),
        pytest.param("POST", "/v1/read-telemetry?name=a", b"", 422, "utc_offset_h", id="missing query"),
        pytest.param("POST", "/v1/read-telemetry?name=a&utc_offset_h=99", b"", 422, "utc_offset_h", id="out of range"),
    ],
)
async def test_every_error_is_a_problem(method: str, path: str, content: bytes, status: int, words: str) -> None:
    async with running(LittleDistance(), distance.routes()) as client:
        response = await client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert words in problem_of(response).detail


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        pytest.param(b"", 400, "too short", id="empty"),
        pytest.param(b"JPEGJPEGJPEG", 400, "no parcel", id="another format"),
        pytest.param(b"WBP1\xff\xff\xff\xff{}", 400, "cut off", id="length beyond the body"),
        pytest.param(b"WBP1\x00\x00\x00\x02{}", 422, "content", id="no content"),
        pytest.param(b"WBP1\x00\x00\x00\x02{]", 422, "JSON", id="no JSON"),
    ],
)
async def test_what_is_no_parcel_is_a_problem(body: bytes, status: int, words: str) -> None:
    async with running(LittleDetector(), detector.routes()) as client:
        response = await client.post("/v1/detect", content=body)
    assert response.status_code == status
    assert words in problem_of(response).detail


async def test_busy_says_when_to_come_back() -> None:
    async with running(LittleDetector(), detector.routes()) as client:
        with pytest.raises(Busy) as caught:
            await HttpDetector(client).detect(frame("busy"), DetectSettings())
        assert caught.value.retry_after_s == 2.5


async def test_body_above_the_limit_is_refused_by_its_declared_length() -> None:
    async with running(LittleDetector(), detector.routes(), max_body_bytes=1000) as client:
        with pytest.raises(TooLarge, match="1000"):
            await HttpDetector(client).detect(frame(), DetectSettings())


@pytest.mark.parametrize("path", ["/v1/separate", "/v1/read-telemetry?name=a&utc_offset_h=9"])
async def test_body_above_the_limit_is_refused_while_it_streams(path: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 100

    async with running(LittleDistance(), distance.routes(), max_body_bytes=1000) as client:
        response = await client.post(path, content=chunks())
        assert response.status_code == 413
        assert problem_of(response).type.endswith("too-large")


async def test_calls_run_side_by_side() -> None:
    adapter = LittleDetector()
    async with running(adapter, detector.routes()) as client:
        started = time.perf_counter()
        await asyncio.gather(*(HttpDetector(client).detect(frame("slow"), DetectSettings()) for _ in range(4)))
        elapsed_s = time.perf_counter() - started
    assert adapter.most_running == 4
    assert elapsed_s < 0.6  # one after the other: 0.8


async def test_too_many_calls_at_once_are_busy_and_the_others_finish() -> None:
    async with running(LittleDetector(), detector.routes(), max_in_flight=2) as client:
        calls = [HttpDetector(client).detect(frame("slow"), DetectSettings()) for _ in range(5)]
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(outcome, Busy) for outcome in outcomes) == 3
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 2


async def test_a_caller_that_waits_while_it_is_busy_gets_every_answer() -> None:
    adapter = LittleDetector()
    async with running(adapter, detector.routes(), max_in_flight=1) as client:
        port = HttpDetector(client, busy_for_s=30.0)
        calls = [port.detect(frame("slow"), DetectSettings()) for _ in range(3)]
        outcomes = await asyncio.gather(*calls)
    assert len(outcomes) == 3
    assert adapter.most_running == 1


async def test_a_verb_has_a_time_limit_and_one_that_hangs_is_told_of() -> None:
    async with running(LittleDetector(), detector.routes(), verb_limit_s=0.05, max_in_flight=2) as client:
        with pytest.raises(BrokeOff, match=r"not done in 0\.05 s"):
            await HttpDetector(client).detect(frame("slow"), DetectSettings())
        alive = await client.get("/livez")
        assert (alive.status_code, alive.json()["remedy"]) == (503, "restart it")
        while (await client.get("/livez")).status_code != 200:
            await asyncio.sleep(0.02)
        assert (await HttpDetector(client).detect(frame(), DetectSettings())).frame == frame().meta


async def test_work_that_hangs_still_counts_as_work() -> None:
    async with running(LittleDetector(), detector.routes(), verb_limit_s=0.02, max_in_flight=1) as client:
        with pytest.raises(BrokeOff):
            await HttpDetector(client).detect(frame("slow"), DetectSettings())
        with pytest.raises(Busy):
            await HttpDetector(client).detect(frame(), DetectSettings())


async def test_nobody_listening_is_unavailable_with_the_address() -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9") as client:
        with pytest.raises(Unavailable) as caught:
            await HttpDetector(client).detect(frame(), DetectSettings())
    assert caught.value.where == "http://127.0.0.1:9/v1/detect"


async def test_answer_of_another_program_is_told_from_ours() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(502, text="<html>Bad gateway"))
    async with httpx.AsyncClient(base_url="http://proxy", transport=transport) as client:
        with pytest.raises(Unavailable, match="502"):
            await HttpDetector(client).info()


class LittleSettings(ServiceSettings):
    """A service's own settings."""

    model_config = SettingsConfigDict(env_prefix="WIDEBERTH_LITTLE_")
    port: int = 8123
    tile_px: int = 1024


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDEBERTH_LITTLE_TILE_PX", "640")
    monkeypatch.setenv("WIDEBERTH_OTHER_THING", "1")
    settings = read_settings(LittleSettings)
    assert (settings.tile_px, settings.port, settings.host) == (640, 8123, "127.0.0.1")
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


@pytest.mark.parametrize("make", [LittleSettings, lambda: read_settings(LittleSettings)])
def test_mistyped_variable_stops_the_start(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDEBERTH_LITTLE_TIEL_PX", "640")
    with pytest.raises(BadInput, match="WIDEBERTH_LITTLE_TIEL_PX"):
        make()


def test_value_that_does_not_fit_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIDEBERTH_LITTLE_PORT", "eighty")
    with pytest.raises(BadInput, match="WIDEBERTH_LITTLE_PORT"):
        read_settings(LittleSettings)


class Overflowing(LittleDetector):
    """Takes numbers that fit their types and computes what is none."""

    async def detect(self, *given: Any) -> Any:
        raise OverflowError("(34, 'Numerical result out of range')")


async def test_numbers_beyond_computing_are_the_callers_fault() -> None:
    async with running(Overflowing(), detector.routes()) as client:
        with pytest.raises(BadInput, match="too large to compute with"):
            await HttpDetector(client).detect(frame(), DetectSettings())


async def test_the_openapi_says_that_every_error_is_a_problem() -> None:
    async with running(LittleDetector(), detector.routes()) as client:
        described = (await client.get("/openapi.json")).json()
    answers = described["paths"]["/v1/detect"]["post"]["responses"]
    assert answers["4XX"] == answers["503"] == {"$ref": "#/components/responses/Problem"}
    assert "422" not in answers
    assert "HTTPValidationError" not in described["components"]["schemas"]
    assert set(described["components"]["schemas"]["Problem"]["properties"]) >= {"type", "detail", "where", "remedy"}


async def test_the_page_of_the_api_fetches_nothing() -> None:
    async with running(LittleDetector(), detector.routes()) as client:
        answer = await client.get("/docs")
        assert (await client.get("/redoc")).status_code == 404
    assert (answer.status_code, "/v1/detect" in answer.text) == (200, True)
    assert "<script" not in answer.text
    assert re.findall(r"(?:src|href)=(\S+?)>", answer.text) == ["openapi.json"]
    assert "://" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
