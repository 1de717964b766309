"""What a request is told while the database is away."""

import logging

from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from wideberth_contracts.errors import Unavailable
from wideberth_gateway.jobs.patience import what_is_away
from wideberth_gateway.store.faults import schema_fault
from wideberth_gateway.wording.problems import in_korean
from wideberth_servicekit.problems import problem_response

_log = logging.getLogger("wideberth.gateway")


def tell_away(app: FastAPI) -> None:
    """Requests of that application get 503 and when to ask again; 500 where the database lacks what they need."""
    for away in (OperationalError, InterfaceError, ProgrammingError):
        app.add_exception_handler(away, _database_is_away)


async def _database_is_away(_request: Request, error: Exception) -> Response:
    """No fault of the gateway's, and it passes; a table that is missing does not."""
    if (lacking := schema_fault(error)) is not None:
        _log.error("%s", lacking)
        return problem_response(lacking, korean=in_korean(lacking))
    if isinstance(error, ProgrammingError):
        raise error
    reason = what_is_away(error) or "the database cannot be used now"
    return problem_response(Unavailable(reason, where="database", retry_after_s=5.0))
