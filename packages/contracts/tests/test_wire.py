"""The contract itself: frozen, closed, finite, small in what it depends on."""

import json
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from wideberth_contracts.catalogue import schema, wire_types
from wideberth_contracts.frames import FrameMeta, TimeBase
from wideberth_contracts.wire import Measured, Wire

HERE = Path(__file__).parent
SNAPSHOT = HERE / "wire_schema.json"


def test_schema_is_the_one_kept() -> None:
    """A change of the wire is deliberate: rewrite the snapshot with `python tests/test_wire.py`."""
    assert json.loads(SNAPSHOT.read_text()) == schema()


def test_depends_on_pydantic_alone() -> None:
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]
    assert [line.split(">")[0] for line in project["dependencies"]] == ["pydantic"]
    heavy = "import sys, wideberth_contracts.ports; print([m for m in ('numpy','fastapi','httpx') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True).stdout.strip() == "[]"


def _mentions(annotation: Any, unwanted: tuple[Any, ...]) -> bool:
    return annotation in unwanted or any(_mentions(inner, unwanted) for inner in get_args(annotation))


@pytest.mark.parametrize("kind", wire_types(), ids=lambda kind: kind.__name__)
def test_no_free_fields(kind: type[Wire]) -> None:
    assert kind.model_config["frozen"]
    assert kind.model_config["extra"] == "forbid"
    for name, field in kind.model_fields.items():
        assert not _mentions(field.annotation, (dict, Any)), f"{kind.__name__}.{name} is a free field"


def test_refuses_what_is_not_finite_unknown_or_without_zone() -> None:
    with pytest.raises(ValidationError):
        Measured(value=float("nan"), sigma=1.0)
    with pytest.raises(ValidationError):
        Measured.model_validate({"value": 1.0, "sigma": 1.0, "unit": "m"})
    meta = {"clip": "x", "pts": 0, "time_base": TimeBase(numerator=1, denominator=30), "t_s": 0.0}
    with pytest.raises(ValidationError):
        FrameMeta.model_validate(meta | {"width_px": 2, "height_px": 2, "captured_at": datetime(2026, 1, 1)})  # noqa: DTZ001


def test_times_are_kept_in_utc() -> None:
    meta = FrameMeta.model_validate(
        {
            "clip": "x",
            "pts": 0,
            "time_base": {"numerator": 1, "denominator": 30},
            "t_s": 0.0,
            "width_px": 2,
            "height_px": 2,
            "captured_at": "2026-06-01T09:00:00+09:00",
        }
    )
    assert meta.captured_at is not None
    assert meta.captured_at.isoformat() == "2026-06-01T00:00:00+00:00"


if __name__ == "__main__":
    SNAPSHOT.write_text(json.dumps(schema(), indent=1, sort_keys=True) + "\n")
