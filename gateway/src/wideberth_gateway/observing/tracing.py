"""Spans by OpenTelemetry, where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; else nothing.

All further `OTEL_*` variables are read by OpenTelemetry itself. It is an extra: `pip install wideberth-gateway[otel]`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from wideberth_contracts.errors import BadInput
from wideberth_gateway.version import wideberth_version

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
SERVICE_NAME = "wideberth-gateway"


class NoTracing:
    """Nobody collects spans."""

    @contextmanager
    def span(self, name: str, **attributes: str | int) -> Iterator[None]:
        """Nothing around the block."""
        yield

    def close(self) -> None:
        """Nothing to send."""


class OtlpTracing:
    """Spans to the collector that the environment names, over HTTP."""

    def __init__(self) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        about = {"service.name": SERVICE_NAME, "service.version": wideberth_version()}
        self._provider = TracerProvider(resource=Resource.create(about))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("wideberth")

    @contextmanager
    def span(self, name: str, **attributes: str | int) -> Iterator[None]:
        """A span around the block; an error within marks it."""
        with self._tracer.start_as_current_span(name, attributes=attributes):
            yield

    def close(self) -> None:
        """What is not sent yet is sent."""
        self._provider.shutdown()


def open_tracing() -> NoTracing | OtlpTracing:
    """Tracing as the environment asks for it.

    Raises:
        BadInput: a collector is named and OpenTelemetry is not installed.
    """
    named = next((name for name in ENDPOINTS if os.environ.get(name)), None)
    if named is None or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return NoTracing()
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.sdk") is None:
        remedy = "install the extra: wideberth[otel], or unset it"
        raise BadInput("OpenTelemetry is not installed", where=named, remedy=remedy)
    return OtlpTracing()
