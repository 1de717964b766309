"""What a request is told while the database is away."""

from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import InterfaceError, OperationalError

from wideberth_contracts.errors import Unavailable
from wideberth_gateway.jobs.patience import what_is_away
from wideberth_servicekit.problems import problem_response


def tell_away(app: FastAPI) -> None:
    """Requests of that application get 503 and when to ask again."""
    for away in (OperationalError, InterfaceError):
        app.add_exception_handler(away, _database_is_away)


async def _database_is_away(_request: Request, error: Exception) -> Response:
    """No fault of the gateway's, and it passes."""
    reason = what_is_away(error) or "the database cannot be used now"
    return problem_response(Unavailable(reason, where="database", retry_after_s=5.0))
