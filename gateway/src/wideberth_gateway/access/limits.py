"""How much one caller may ask, and how long a body may be that is no file."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.types import Message, Receive

from wideberth_contracts.errors import Busy, TooLarge

SMALL_BODY_BYTES = 1 << 20
KNOWN_CALLERS = 10_000
"""More are forgotten, the longest silent first: whoever comes back then begins with a full bucket."""


@dataclass(slots=True)
class Buckets:
    """A bucket for each caller: a request takes one token, and so many flow in a second.

    Attributes:
        per_s: tokens that flow in.
        burst: tokens a bucket holds.
    """

    per_s: float
    burst: float
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, caller: str, now_s: float | None = None) -> None:
        """Take a token. Raises `Busy` with when there is one again."""
        now = time.monotonic() if now_s is None else now_s
        tokens, at = self._buckets.pop(caller, (self.burst, now))
        tokens = min(self.burst, tokens + (now - at) * self.per_s)
        enough = tokens >= 1
        self._buckets[caller] = (tokens - 1 if enough else tokens, now)
        while len(self._buckets) > KNOWN_CALLERS:
            self._buckets.popitem(last=False)
        if not enough:
            raise Busy("too many requests", remedy="ask less often", retry_after_s=(1 - tokens) / self.per_s)


def small_body(receive: Receive, declared: str | None) -> Receive:
    """The same body, refused once it is longer than anything but a file may be.

    Raises:
        TooLarge: it says so itself, or when it is read.
    """
    if declared is not None and declared.isdigit() and int(declared) > SMALL_BODY_BYTES:
        raise _too_large()
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > SMALL_BODY_BYTES:
            raise _too_large()
        return message

    return counted


def _too_large() -> TooLarge:
    return TooLarge(f"the body is above {SMALL_BODY_BYTES} bytes", where="body", remedy="this is no place for a file")
