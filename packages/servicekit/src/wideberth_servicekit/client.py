"""What every Http adapter does: ask, and turn whatever goes wrong into the error the other side meant."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from wideberth_contracts.errors import BrokeOff, Busy, Conflict, InternalFault, Unavailable
from wideberth_contracts.settings import ServiceInfo
from wideberth_contracts.wire import Wire
from wideberth_servicekit.parcels import MEDIA_TYPE, AnswerBy, Content, Parcel, Picture, Shape, opened, pieces, sealed
from wideberth_servicekit.problems import raise_for_problem
from wideberth_servicekit.transport import FrameTransport, RawTransport

Answer = TypeVar("Answer")

_JSON = "application/json"
_INFO: TypeAdapter[ServiceInfo] = TypeAdapter(ServiceInfo)


class HttpAdapter:
    """The common half of the Http adapters.

    Args:
        client: its `base_url` is the service; its timeouts apply. Shared, and closed by whoever made it.
        transport: how pixels travel; raw in the body by default.
        busy_for_s: so long a service that answers `Busy` is asked again, when it says to; 0: its caller is told.
    """

    def __init__(
        self, client: httpx.AsyncClient, transport: FrameTransport | None = None, *, busy_for_s: float = 0.0
    ) -> None:
        self._client = client
        self._busy_for_s = busy_for_s
        self._transport: FrameTransport = transport or RawTransport()

    async def info(self) -> ServiceInfo:
        """What stands behind the port."""
        return self._read(await self._send(self._client.build_request("GET", "/info")), _INFO)

    async def _ask(self, path: str, request: Wire, answer: TypeAdapter[Answer]) -> Answer:
        """JSON for JSON."""
        body = request.model_dump_json().encode()
        headers = {"Content-Type": _JSON}
        send = partial(self._send_new, lambda: self._client.build_request("POST", path, content=body, headers=headers))
        return self._read(await heeding(send, self._busy_for_s), answer)

    async def _ask_about(
        self, path: str, content: Wire, pictures: Sequence[Picture], answer: TypeAdapter[Answer]
    ) -> Answer:
        """Pictures for JSON."""
        return self._read(await self._deliver(path, content, pictures), answer)

    async def _exchange(
        self,
        path: str,
        content: Wire,
        pictures: Sequence[Picture],
        kind: type[Parcel[Content]],
        shapes_in: Callable[[Content], Sequence[Shape]],
    ) -> tuple[Content, tuple[memoryview, ...]]:
        """Pictures for pictures; `shapes_in` tells the shapes of the answer's pictures from its content."""
        parcel, blobs = self._opened(await self._deliver(path, content, pictures), kind)
        shapes = shapes_in(parcel.content)
        try:
            return parcel.content, await self._transport.receive(parcel.places, blobs, shapes)
        except Conflict:
            # We were too slow, and the service needed its memory for another answer.
            parcel, blobs = self._opened(await self._deliver(path, content, pictures, AnswerBy()), kind)
            return parcel.content, await self._transport.receive(parcel.places, blobs, shapes_in(parcel.content))

    async def _deliver(
        self, path: str, content: Wire, pictures: Sequence[Picture], answer_by: AnswerBy | None = None
    ) -> httpx.Response:
        sent = await self._transport.send(pictures)
        try:
            parcel = Parcel[Wire].model_construct(
                content=content, places=sent.places, answer_by=answer_by or self._transport.answer_by
            )
            parts = sealed(parcel, sent.blobs)
            headers = {"Content-Type": MEDIA_TYPE, "Content-Length": str(sum(len(part) for part in parts))}
            send = partial(
                self._send_new,
                lambda: self._client.build_request("POST", path, content=_each(parts), headers=headers),
            )
            return await heeding(send, self._busy_for_s)
        finally:
            sent.release()

    def _opened(
        self, response: httpx.Response, kind: type[Parcel[Content]]
    ) -> tuple[Parcel[Content], tuple[memoryview, ...]]:
        try:
            return opened(memoryview(response.content), kind)
        except ValidationError as error:
            raise _misfit(response, error) from error

    async def _send_new(self, build: Callable[[], httpx.Request]) -> httpx.Response:
        return await self._send(build())

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self._client.send(request)
        except (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError) as error:
            # It had the request: whether it died of it, its caller can tell from how often this happens.
            late = isinstance(error, httpx.ReadTimeout)
            detail = "no answer in time" if late else f"the service broke off while it worked ({type(error).__name__})"
            raise BrokeOff(detail, where=str(request.url), retry_after_s=1.0) from error
        except httpx.TimeoutException as error:
            raise Unavailable(
                f"the service does not take the request ({type(error).__name__})",
                where=str(request.url),
                retry_after_s=1.0,
            ) from error
        except httpx.TransportError as error:
            raise Unavailable(
                f"the service cannot be reached ({type(error).__name__})",
                where=str(request.url),
                remedy="see that it runs and that the address is right",
                retry_after_s=1.0,
            ) from error
        raise_for_problem(response)
        return response

    def _read(self, response: httpx.Response, answer: TypeAdapter[Answer]) -> Answer:
        try:
            return answer.validate_json(response.content)
        except ValidationError as error:
            raise _misfit(response, error) from error


async def heeding(ask: Callable[[], Awaitable[Answer]], for_s: float) -> Answer:
    """The answer, asked for again while the service has its hands full, when it says to.

    Raises:
        Busy: it still has after `for_s`.
    """
    until_s = time.monotonic() + for_s
    while True:
        try:
            return await ask()
        except Busy as busy:
            wait_s = busy.retry_after_s or 1.0
            if time.monotonic() + wait_s > until_s:
                raise
            await asyncio.sleep(wait_s)


def _misfit(response: httpx.Response, error: ValidationError) -> InternalFault:
    return InternalFault(
        f"the answer does not fit the contract in {error.error_count()} places",
        where=str(response.request.url),
        remedy="run the same version of Wideberth on both sides",
    )


async def _each(parts: Sequence[bytes | memoryview]) -> AsyncIterator[bytes]:
    for piece in pieces(parts):
        # httpx and h11 take any flat buffer; only their annotations say bytes.
        yield piece  # type: ignore[misc]
