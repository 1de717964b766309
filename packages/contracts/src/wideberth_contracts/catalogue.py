"""All wire types by name, and their JSON schema: what a stored snapshot compares against."""

from importlib import import_module
from inspect import isclass
from typing import Any

from pydantic.json_schema import models_json_schema

from wideberth_contracts.wire import Wire

MODULES = (
    "wire",
    "phrases",
    "errors",
    "frames",
    "tides",
    "poses",
    "detections",
    "corrections",
    "positions",
    "tracks",
    "screening",
    "separations",
    "known",
    "identity",
    "judgement",
    "settings",
)


def wire_types() -> tuple[type[Wire], ...]:
    """Every wire type, by module and name."""
    found = []
    for name in MODULES:
        module = import_module(f"wideberth_contracts.{name}")
        members = vars(module).items()
        found += [
            member
            for key, member in sorted(members)
            if isclass(member) and issubclass(member, Wire) and member.__module__ == module.__name__
        ]
    return tuple(found)


def schema() -> dict[str, Any]:
    """The JSON schema of all wire types together."""
    _, definitions = models_json_schema([(kind, "serialization") for kind in wire_types()])
    return definitions
