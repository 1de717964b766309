"""`/docs`: what an application answers, as a page without scripts that fetches nothing.

FastAPI's own pages load theirs from a content delivery network; a machine at sea has none, and no request may leave
the origin.
"""

from collections.abc import Callable
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "code{font:13px ui-monospace,monospace}details{border-top:1px solid #8886;padding:.4rem 0}summary{cursor:pointer}"
    "b{display:inline-block;min-width:4.5rem}dt{margin-top:.4rem}dd{margin-left:1.5rem}.q{opacity:.75}"
)
Who = Callable[[str, str], str]
"""For whom a route is, by method and path, as the page says it."""


def install_api_page(app: FastAPI, who: Who | None = None) -> None:
    """`GET /docs` answers from now on. Make the application with `docs_url=None, redoc_url=None`."""

    @app.get("/docs", include_in_schema=False, response_class=HTMLResponse)
    async def docs() -> HTMLResponse:
        return HTMLResponse(api_page(app.openapi(), who), headers={"Content-Security-Policy": POLICY})


def api_page(spec: dict[str, Any], who: Who | None = None) -> str:
    """The page of an OpenAPI description."""
    title = f"{spec['info']['title']} {spec['info']['version']}"
    shown = [
        _operation(method.upper(), path, operation, who)
        for path, operations in spec["paths"].items()
        for method, operation in operations.items()
    ]
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title><style>{STYLE}</style>"
        f"<h1>{escape(title)}</h1><p>The same for programs: <a href=openapi.json>openapi.json</a> (OpenAPI "
        f"{escape(spec['openapi'])}); any viewer of such files shows it.</p>{''.join(shown)}</html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any], who: Who | None) -> str:
    told = operation.get("description") or operation.get("summary") or ""
    rows = [_parameter(one) for one in operation.get("parameters", ())]
    rows += [("body", _kinds(operation["requestBody"]))] if "requestBody" in operation else []
    rows += [
        (code, f"{answer.get('description', '')} {_kinds(answer)}".strip()) for code, answer in _answers(operation)
    ]
    if who is not None:
        rows.insert(0, ("for", who(method, path)))
    listed = "".join(f"<dt><code>{escape(name)}</code><dd>{escape(text)}" for name, text in rows)
    heading = f"<b>{method}</b> <code>{escape(path)}</code> <span class=q>{escape(told.split('.')[0])}</span>"
    return f"<details><summary>{heading}</summary><p>{escape(told)}</p><dl>{listed}</dl></details>"


def _answers(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(code, answer) for code, answer in operation["responses"].items() if "$ref" not in answer]


def _parameter(one: dict[str, Any]) -> tuple[str, str]:
    needed = "" if one.get("required") else ", may be left out"
    return one["name"], f"{one['in']}{needed}. {one.get('description', '')}".strip()


def _kinds(part: dict[str, Any]) -> str:
    """Media types, and names of schemas."""
    return ", ".join(
        f"{kind} {_name(content.get('schema', {}))}".strip() for kind, content in part.get("content", {}).items()
    )


def _name(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    return f"list of {_name(schema['items'])}" if schema.get("items") else str(schema.get("title", ""))
