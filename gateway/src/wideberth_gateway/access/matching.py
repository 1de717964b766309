"""Which route a request will reach, known before anything of it runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Scope


@dataclass(frozen=True, slots=True)
class Reached:
    """A route by its template, with the parameters in the path."""

    route: BaseRoute
    template: str
    parameters: dict[str, Any]


def routes_of(app: FastAPI) -> Iterator[tuple[str, BaseRoute]]:
    """Every route of the application with its template, in the order they are tried; no router has a prefix."""
    for context in iter_route_contexts(app.router.routes):
        yield str(context.path), context.original_route


def methods_of(route: BaseRoute) -> frozenset[str]:
    """The methods it answers; of a folder of files GET."""
    if isinstance(route, Mount):
        return frozenset({"GET"})
    return frozenset(getattr(route, "methods", None) or ())


def reached(routes: Iterable[tuple[str, BaseRoute]], scope: Scope) -> Reached | None:
    """The route that answers the request; None where none does, or none by this method."""
    for template, route in routes:
        if not isinstance(route, Route | Mount):
            continue
        match, child = route.matches(scope)
        if match is Match.FULL:
            return Reached(route, template, child.get("path_params", {}))
    return None
