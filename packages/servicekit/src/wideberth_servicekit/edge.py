"""The outermost layer of a service: limits of body, work and time, metrics, and the last catch of the unforeseen."""

import asyncio
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wideberth_contracts.errors import (
    BadInput,
    BrokeOff,
    Busy,
    NotSignedIn,
    TooLarge,
    Unavailable,
    WideberthError,
)
from wideberth_servicekit.problems import problem_response, unexpected

# From a cheap answer to a minute of video in one request.
_BUCKETS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
# A body that is too large is read on and thrown away for this long at most, so that the caller gets the answer
# rather than a broken connection.
_DRAIN_S = 5.0
VERB_PREFIX = "/v1/"
FOR_EVERYONE = frozenset({"/livez", "/readyz", "/metrics"})
"""What whoever watches asks, and tells nothing of what is worked on."""
HOW_TO_CALL = "set the same WIDEBERTH_<SERVICE>_SERVICE_TOKEN on both sides"


class Metrics:
    """The counters of one service, in a registry of its own: two services in one process do not mix."""

    def __init__(self, service: str) -> None:
        self.registry = CollectorRegistry()
        self._service = service
        self._stage_s = Histogram(
            "wideberth_stage_seconds",
            "Time from the first byte of a request to the last of its answer",
            ["service", "verb"],
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self._requests = Counter(
            "wideberth_requests", "Requests by verb and status", ["service", "verb", "status"], registry=self.registry
        )

    def observe(self, verb: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._stage_s.labels(self._service, verb).observe(seconds)
        self._requests.labels(self._service, verb, str(status)).inc()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a service takes on.

    Attributes:
        max_body_bytes: a longer body is answered 413 while it still streams in.
        max_in_flight: verbs at once; more are answered 429.
        limit_s: a verb that takes longer is answered as broken off. A thread cannot be stopped: it counts as work on
            hand until it ends.
    """

    max_body_bytes: int
    max_in_flight: int
    limit_s: float


class Edge:
    """ASGI middleware around everything.

    Args:
        app: what it wraps.
        limits: of bodies, work and time.
        verbs: the known verbs; others are counted as `unknown`, so that a stranger cannot blow up the metrics.
        token: what a call must bear; None: any call is taken.
        not_ready: the error that verbs get before the service is ready, or None.
        overdue: what verbs that were broken off still do; shared with whoever tells of it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        limits: Limits,
        verbs: frozenset[str],
        token: str | None,
        not_ready: Callable[[], WideberthError | None],
        overdue: "set[asyncio.Future[None]]",
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._limits = limits
        self._verbs = verbs
        self._token = token
        self._not_ready = not_ready
        self._overdue = overdue
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; websockets and lifespan pass through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        if path not in FOR_EVERYONE and not self._may(scope):
            refusal = NotSignedIn("the call bears no token of these services", where=path, remedy=HOW_TO_CALL)
            await problem_response(refusal)(scope, receive, send)
            return
        if not path.startswith(VERB_PREFIX):
            await self._guarded(scope, _Body(receive, self._limits.max_body_bytes), _Answer(send))
            return
        verb = path.removeprefix(VERB_PREFIX)
        answer = _Answer(send)
        started = time.perf_counter()
        self._in_flight += 1
        try:
            await self._verb(scope, _Body(receive, self._limits.max_body_bytes), answer)
        finally:
            self._in_flight -= 1
            known = verb if verb in self._verbs else "unknown"
            self._metrics.observe(known, answer.status, time.perf_counter() - started)

    def _may(self, scope: Scope) -> bool:
        if self._token is None:
            return True
        given = dict(scope["headers"]).get(b"authorization", b"")
        return hmac.compare_digest(given, f"Bearer {self._token}".encode())

    async def _verb(self, scope: Scope, body: "_Body", answer: "_Answer") -> None:
        refusal = self._not_ready()
        if refusal is None and self._in_flight + len(self._overdue) > self._limits.max_in_flight:
            refusal = Busy(
                f"{self._limits.max_in_flight} requests are being worked on", where=scope["path"], retry_after_s=1.0
            )
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._limits.max_body_bytes:
            refusal = body.too_large()
        if refusal is not None:
            await body.drain()
            await problem_response(refusal)(scope, body.receive, answer.send)
            return
        await self._in_time(scope, body, answer)

    async def _in_time(self, scope: Scope, body: "_Body", answer: "_Answer") -> None:
        work = asyncio.ensure_future(self._guarded(scope, body, answer))
        try:
            await asyncio.wait({work}, timeout=self._limits.limit_s)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if work.done():
            work.result()
            return
        self._overdue.add(work)
        work.add_done_callback(self._settle)
        late = BrokeOff(f"not done in {self._limits.limit_s:g} s", where=scope["path"], retry_after_s=1.0)
        await answer.instead(problem_response(late), scope, body.receive)

    def _settle(self, work: "asyncio.Future[None]") -> None:
        self._overdue.discard(work)
        if not work.cancelled():
            work.exception()  # answered long ago; the log has it

    async def _guarded(self, scope: Scope, body: "_Body", answer: "_Answer") -> None:
        try:
            await self._app(scope, body.receive, answer.send)
        except Exception as error:
            if answer.started:
                raise
            response = self._response_to(error, scope)
            await response(scope, body.receive, answer.send)

    def _response_to(self, error: Exception, scope: Scope) -> Response:
        if isinstance(error, WideberthError):
            return problem_response(error)
        if _is_beyond_numbers(error):
            remedy = "check the units: no sea and no camera has such numbers"
            where = Request(scope).url.path
            return problem_response(BadInput("numbers too large to compute with", where=where, remedy=remedy))
        return unexpected(error, Request(scope).url.path)


def _is_beyond_numbers(error: Exception) -> bool:
    """Whether what was given fits its types and overflows on the way: 1e300 m is a number, its square is none."""
    if isinstance(error, ValidationError):
        return all(fault["type"] == "finite_number" for fault in error.errors(include_url=False))
    return isinstance(error, OverflowError)


class _Body:
    """A request body that refuses to grow beyond a limit."""

    def __init__(self, receive: Receive, max_body_bytes: int) -> None:
        self._receive = receive
        self._max_body_bytes = max_body_bytes
        self._taken_bytes = 0

    def too_large(self) -> TooLarge:
        return TooLarge(f"the request body is above {self._max_body_bytes} bytes", remedy="send less at once")

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._taken_bytes += len(message.get("body", b""))
            if self._taken_bytes > self._max_body_bytes:
                if message.get("more_body", False):
                    await self.drain()
                raise self.too_large()
        return message

    async def drain(self) -> None:
        """Read and drop the rest of the body, for a while."""
        until = time.monotonic() + _DRAIN_S
        while time.monotonic() < until:
            message = await self._receive()
            if message["type"] != "http.request" or not message.get("more_body", False):
                return


class _Answer:
    """Remembers the status that went out."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 500
        self.started = False
        self._over = False

    async def instead(self, response: Response, scope: Scope, receive: Receive) -> None:
        """This answer unless another has begun; whatever comes after it is dropped."""
        if not self.started:
            await response(scope, receive, self.send)
        self._over = True

    async def send(self, message: Message) -> None:
        if self._over:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.started = True
        await self._send(message)


def starting() -> Unavailable:
    """The refusal while model and self-test are not done."""
    return Unavailable("the service is starting: its self-test has not passed yet", retry_after_s=2.0)
