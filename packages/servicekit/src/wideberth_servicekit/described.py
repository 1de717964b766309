"""What an application says of its errors in its OpenAPI: every one of them is a Problem."""

from typing import Any

from fastapi import FastAPI

from wideberth_contracts.errors import Problem
from wideberth_servicekit.problems import MEDIA_TYPE

SCHEMA = "#/components/schemas/Problem"
ANSWER = {"$ref": "#/components/responses/Problem"}
FRAMEWORKS_OWN = ("HTTPValidationError", "ValidationError")
"""What FastAPI would answer, and this application does not."""


def tell_problems(app: FastAPI) -> None:
    """From now on the application's OpenAPI has a Problem for whatever goes wrong, in place of FastAPI's own."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(plain())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _with_problems(spec: dict[str, Any]) -> dict[str, Any]:
    components = spec.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in FRAMEWORKS_OWN:
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema(mode="serialization")
    content = {MEDIA_TYPE: {"schema": {"$ref": SCHEMA}}}
    components["responses"] = {"Problem": {"description": "What is wrong, where, and the remedy", "content": content}}
    for operations in spec["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= {"4XX": ANSWER, "503": ANSWER}
    return spec
