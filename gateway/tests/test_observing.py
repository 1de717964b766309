"""What an operator sees: numbers of the business, lines that say what they are about, spans where a collector is."""

import asyncio
import io
import json
import logging
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa
from asking_analyses import ask
from gateway_alerts import alert
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from test_store import VIDEO, analysis
from waiting import until_ended

from wideberth_contracts.errors import BadInput
from wideberth_gateway.analyses.folders import Folders
from wideberth_gateway.observing import tracing
from wideberth_gateway.observing.watched_work import StepMetrics, WatchedWork
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.analyses import keep_original, open_analysis
from wideberth_gateway.store.claims import take
from wideberth_gateway.store.engine import writing
from wideberth_gateway.store.executors import open_lease
from wideberth_gateway.store.standing import look
from wideberth_gateway.store.tables import deliveries
from wideberth_gateway.store.webhooks import add_webhook
from wideberth_servicekit.logs import JsonLines


def numbers(text: str) -> dict[str, float]:
    """By name and labels, such as `wideberth_alerts{status=candidate}`."""
    return {
        sample.name
        + "{"
        + ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
        + "}": sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_numbers_of_the_business_and_of_steps(shared, video):
    async def scene():
        client = shared.client
        shared.app.state.watch.look_every_s = 0.0
        view = await until_ended(client, (await ask(client, video)).json()["id"])
        assert view["state"] == "done", view
        for _ in range(50):  # the journal follows within a second
            found = numbers((await client.get("/metrics")).text)
            if not found["wideberth_journal_behind_entries{}"]:
                return found
            await asyncio.sleep(0.1)
        raise AssertionError("the journal does not follow")

    found = shared.run(scene())
    assert found["wideberth_gateway_analyses{state=done}"] == 1
    assert found["wideberth_analyses_by_grade{grade=A}"] + found["wideberth_analyses_by_grade{grade=C}"] == 1
    assert found["wideberth_alerts{status=candidate}"] == 1
    assert found["wideberth_queue_age_seconds{}"] == found["wideberth_webhook_lag_seconds{}"] == 0
    assert found["wideberth_segments_sensed_total{}"] == 3
    assert found["wideberth_step_seconds_count{step=sense}"] == 3
    assert found["wideberth_verb_seconds_total{verb=detect}"] > 0
    assert found["wideberth_device{device=cpu,service=detector}"] == 1
    assert found["wideberth_kept_bytes{kind=originals}"] == len(video.read_bytes())
    assert found["wideberth_kept_bytes{kind=analyses}"] > 10_000
    assert found["wideberth_disk_free_bytes{}"] > 0


def test_what_waits_and_what_was_begun_twice(engine):
    keep_original(engine, VIDEO)
    open_analysis(engine, analysis("b"))
    open_analysis(engine, analysis("c", created_epoch_s=2000.0))
    lease = open_lease(engine, "one", 60.0)
    for held in ((), (), (0,)):  # the first one again, for nobody is at it any more; then another
        take(engine, "b" * 64, lease, ahead=2, held=held)
    publish(engine, (alert("v1"), alert("v2")))
    publish(engine, (alert("v1", reason="seen anew"),))
    hook = add_webhook(engine, "https://example.org", "cloudevents", "s", ())
    with writing(engine) as connection:
        for event, state, due in ((1, "waiting", 2400.0), (2, "delivered", 5.0), (3, "waiting", 9000.0)):
            row = {"webhook_id": hook.id, "event": event, "change": "alert.created", "state": state, "tries": 1}
            connection.execute(sa.insert(deliveries).values(**row, due_epoch_s=due, answer=""))
    found = look(engine, now_epoch_s=3000.0)
    assert (found.queue_age_s, found.webhook_lag_s, found.segments_retried) == (2000.0, 600.0, 1)
    assert found.analyses == {"queued": 2}
    assert found.alerts == {"candidate": 2}
    assert found.deliveries == {"waiting": 2, "delivered": 1}


class Talking:
    """A work whose steps say something, and fail where told."""

    async def sense(self, analysis_id: str, position: int) -> tuple[int, ...]:
        logging.getLogger("wideberth.gateway").warning("sensing")
        if position == 1:
            raise ValueError("not this one")
        return (position,)


def test_lines_say_flight_job_and_segment_and_failures_are_counted(engine, tmp_path):
    keep_original(engine, VIDEO)
    open_analysis(engine, analysis("b"))
    registry, lines = CollectorRegistry(), io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    watched = WatchedWork(Talking(), engine, Folders(tmp_path), StepMetrics(registry), tracing.NoTracing())
    log = logging.getLogger("wideberth.gateway")
    log.addHandler(handler)
    try:
        asyncio.run(watched.sense("b" * 64, 0))
        with pytest.raises(ValueError, match="not this one"):
            asyncio.run(watched.sense("b" * 64, 1))
    finally:
        log.removeHandler(handler)
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [(one["flight"], one["job"], one["segment"]) for one in told] == [
        (VIDEO.sha256, "b" * 64, "0"),
        (VIDEO.sha256, "b" * 64, "1"),
    ]
    assert registry.get_sample_value("wideberth_step_failures_total", {"step": "sense"}) == 1
    assert registry.get_sample_value("wideberth_step_seconds_count", {"step": "sense"}) == 2


@contextmanager
def collector():
    """A collector on loopback: its address, and the bodies it got."""
    bodies: list[bytes] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()
        server.server_close()


def test_spans_reach_a_collector(monkeypatch):
    pytest.importorskip("opentelemetry.sdk", reason="the extra otel is not installed")
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    with collector() as (address, bodies):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        opened = tracing.open_tracing()
        with opened.span("job.sense", job="j1", segment=3), opened.span("inner"):
            pass
        opened.close()
    spans = [
        span
        for body in bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    by_name = {span.name: span for span in spans}
    assert set(by_name) == {"job.sense", "inner"}
    assert by_name["inner"].parent_span_id == by_name["job.sense"].span_id
    assert {one.key for one in by_name["job.sense"].attributes} == {"job", "segment"}


def test_without_a_collector_there_are_no_spans_and_without_the_extra_it_says_so(monkeypatch):
    for name in tracing.ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    assert isinstance(tracing.open_tracing(), tracing.NoTracing)
    monkeypatch.setenv(tracing.ENDPOINTS[0], "http://127.0.0.1:9")
    monkeypatch.setattr(tracing, "find_spec", lambda _: None)
    with pytest.raises(BadInput, match="not installed"):
        tracing.open_tracing()
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert isinstance(tracing.open_tracing(), tracing.NoTracing)
