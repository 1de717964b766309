"""Errors ↔ HTTP. The one table of status codes, and RFC 9457 bodies for everything that goes wrong."""

import logging
import math
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from wideberth_contracts.errors import (
    BadInput,
    Busy,
    Conflict,
    InternalFault,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    TooLarge,
    Unavailable,
    WideberthError,
    error_from_problem,
)

MEDIA_TYPE = "application/problem+json"

# The nearest class in an error's ancestry decides.
STATUS: dict[type[WideberthError], HTTPStatus] = {
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BadInput: HTTPStatus.BAD_REQUEST,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Busy: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    InternalFault: HTTPStatus.INTERNAL_SERVER_ERROR,
    WideberthError: HTTPStatus.INTERNAL_SERVER_ERROR,
}

_DEFAULT_RETRY_S = 1.0
_FAULTS_SHOWN = 3
_log = logging.getLogger("wideberth.service")


def status_of(error: WideberthError) -> HTTPStatus:
    """The status code of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem_response(error: WideberthError, status: int | None = None, korean: str | None = None) -> Response:
    """An error as a response; one that passes by itself carries `Retry-After`."""
    status = status or status_of(error)
    headers = {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(math.ceil(error.retry_after_s or _DEFAULT_RETRY_S))
    problem = error.problem(status).model_copy(update={"korean": korean})
    return Response(
        problem.model_dump_json(exclude=None if korean else {"korean"}),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def validation_error(faults: Sequence[Any]) -> BadInput:
    """What pydantic found, in one line; the values themselves are not repeated."""
    shown = [f"{_place(fault['loc'])}: {fault['msg']}" for fault in faults[:_FAULTS_SHOWN]]
    more = len(faults) - len(shown)
    detail = "; ".join(shown) + (f"; and {more} more" if more > 0 else "")
    return BadInput(detail, where=_place(faults[0]["loc"]) if faults else None, remedy="see /openapi.json")


Translate = Callable[[WideberthError, Sequence[Any]], str | None]
"""An error, and what pydantic found where that is its cause, in Korean."""


def untranslated(error: WideberthError, faults: Sequence[Any]) -> None:
    """Services speak English to the gateway."""


def install_problem_handlers(app: FastAPI, korean: Translate = untranslated) -> None:
    """Answer every error of this app with a Problem."""

    async def on_domain_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, WideberthError)
        if isinstance(error, InternalFault):
            _log.error("%s: %s", request.url.path, error)
        return problem_response(error, korean=korean(error, ()))

    async def on_validation_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        faults = error.errors()
        told = validation_error(faults)
        return problem_response(told, HTTPStatus.UNPROCESSABLE_ENTITY, korean(told, faults))

    async def on_http_exception(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        told, status = _of_http(error, request.url.path)
        return problem_response(told, status, korean(told, ()))

    app.add_exception_handler(WideberthError, on_domain_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_exception)


def unexpected(error: Exception, where: str) -> Response:
    """The response to a fault of ours: it names the place, never the exception's text. The log has the rest."""
    _log.error("unexpected fault at %s", where, exc_info=error)
    return problem_response(InternalFault("the service failed; its log says how", where=where))


def raise_for_problem(response: httpx.Response) -> None:
    """Raise the error the other side raised, of the same class; nothing for a good answer."""
    if response.is_success:
        return
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        raise _foreign_error(response) from None
    raise error_from_problem(problem)


def _foreign_error(response: httpx.Response) -> WideberthError:
    """For an answer that is not from one of our services: a proxy, another program on the port."""
    where = str(response.request.url)
    status = response.status_code
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT):
        return Unavailable(f"a proxy answered {status}", where=where)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        asked = response.headers.get("retry-after", "")
        return Busy(f"a proxy answered {status}", where=where, retry_after_s=float(asked) if asked.isdigit() else None)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLarge(f"a proxy answered {status}", where=where)
    return InternalFault(f"answered {status} without a problem body: no Wideberth service", where=where)


def _of_http(error: HTTPException, where: str) -> tuple[WideberthError, int | None]:
    """The error behind one of the framework's, and its status; None where its class tells that."""
    # FastAPI turns what goes wrong while the body is read into a 400; the cause knows better.
    if isinstance(error.__cause__, WideberthError):
        return error.__cause__, None
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFound("no such path", where=where, remedy="see /openapi.json"), None
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return InternalFault(str(error.detail), where=where), error.status_code
    return BadInput(str(error.detail), where=where), error.status_code


def _place(loc: Sequence[Any]) -> str:
    return ".".join(str(part) for part in loc)
