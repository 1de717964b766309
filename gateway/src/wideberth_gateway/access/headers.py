"""What browsers are told with every answer: to guess nothing, to run nothing, to be framed by nobody."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANSWERS = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self' data:",
        "media-src 'self'",
        "style-src 'unsafe-inline'",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Of answers of the API, files among them: a page that somebody uploaded may be shown, and runs nothing."""
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
ONE_YEAR = "max-age=31536000"


class SafeHeaders:
    """ASGI middleware: adds what the route has not said itself."""

    def __init__(self, app: ASGIApp, *, with_tls: bool) -> None:
        self._app = app
        self._with_tls = with_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, answer)

    def _add(self, headers: MutableHeaders) -> None:
        for name, value in ALWAYS.items():
            headers.setdefault(name, value)
        headers.setdefault("Content-Security-Policy", ANSWERS)
        if headers.get("content-type", "").startswith("application/json"):
            headers.setdefault("Cache-Control", "no-store")
        if self._with_tls:
            headers.setdefault("Strict-Transport-Security", ONE_YEAR)
