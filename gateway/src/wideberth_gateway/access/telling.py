"""What was read is in the audit trail before the first byte of it goes out."""

import asyncio
import time
from dataclasses import dataclass, field

from sqlalchemy.engine import Engine
from starlette.datastructures import Headers
from starlette.types import Message, Scope, Send

from wideberth_gateway.store import audit

ONE_LOOK_S = 600.0
"""A player asks for one video by hundreds of ranges: within this they are one look of one person at one file."""
REMEMBERED = 10_000


@dataclass(slots=True)
class Telling:
    """Tells the trail of reads; of ranges of the same file once a look, of everything else each time."""

    _looks: dict[tuple[str, str], float] = field(default_factory=dict)

    def around(self, send: Send, engine: Engine, action: str, scope: Scope, actor: str) -> Send:
        """The same `send`, that tells of a good answer before it begins."""

        async def told(message: Message) -> None:
            good = message["type"] == "http.response.start" and message["status"] < 400
            if good and not self._goes_on(scope, actor):
                await asyncio.to_thread(_tell, engine, actor, action, scope["path"])
            await send(message)

        return told

    def _goes_on(self, scope: Scope, actor: str) -> bool:
        if "range" not in Headers(scope=scope):
            return False
        now, look = time.monotonic(), (actor, scope["path"])
        goes_on = now - self._looks.get(look, -ONE_LOOK_S) < ONE_LOOK_S
        if not goes_on:
            if len(self._looks) >= REMEMBERED:
                self._looks.clear()
            self._looks[look] = now
        return goes_on


def _tell(engine: Engine, actor: str, action: str, path: str) -> None:
    parts = path.split("/")
    subject = parts[3] if len(parts) > 3 else path  # /v1/<kind>/<id>/…
    audit.append(engine, actor=actor, action=action, subject=subject[:64], details={"path": path})
