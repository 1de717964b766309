"""The outermost layer: counts requests by route and catches what nobody foresaw."""

import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wideberth_contracts.errors import WideberthError
from wideberth_gateway.observing.tracing import NoTracing, OtlpTracing
from wideberth_gateway.wording.problems import in_korean
from wideberth_servicekit.problems import problem_response, unexpected

BUCKETS_S = (0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0)
"""From a look at a state to the upload of a long video."""


class Metrics:
    """The gateway's counters, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "wideberth_gateway_request_seconds",
            "Time from the first byte of a request to the last of its answer",
            ["method", "route"],
            buckets=BUCKETS_S,
            registry=self.registry,
        )
        self._requests = Counter(
            "wideberth_gateway_requests",
            "Requests by route and status",
            ["method", "route", "status"],
            registry=self.registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._seconds.labels(method, route).observe(seconds)
        self._requests.labels(method, route, str(status)).inc()


class Edge:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, tracing: NoTracing | OtlpTracing) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; everything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, started = 0, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            with self._tracing.span(f"{scope['method']} request", path=scope["path"]):
                await self._app(scope, receive, answer)
        except Exception as error:  # the edge: whatever it is, the client gets a problem and not a broken line
            if status:
                raise
            known = isinstance(error, WideberthError)
            response = problem_response(error, korean=in_korean(error)) if known else unexpected(error, scope["path"])  # type: ignore[arg-type]
            await response(scope, receive, answer)
        finally:
            # The template, not the path: ids would make a time series each.
            route = getattr(scope.get("route"), "path", "unknown")
            self._metrics.observe(scope["method"], route, status, time.perf_counter() - started)
