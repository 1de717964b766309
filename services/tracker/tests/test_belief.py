"""Tracks of noise and of impossible things are rejected when they end, with the reason."""

import pytest

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.tracks import TrackSettings
from wideberth_contracts.wire import Measured
from wideberth_tracker.core.belief import why_not_believed

SETTINGS = TrackSettings()


@pytest.mark.parametrize(
    ("kind", "hits", "sure", "length_m", "word"),
    [
        pytest.param(ObjectKind.DOLPHIN, 100, 80, Measured(value=2.5, sigma=0.2), None, id="an animal"),
        pytest.param(ObjectKind.VESSEL, 97, 17, Measured(value=4.0, sigma=0.3), "few sure", id="a rock"),
        pytest.param(ObjectKind.DOLPHIN, 12, 4, None, None, id="a third is enough for an animal"),
        pytest.param(ObjectKind.VESSEL, 78, 36, None, "few sure", id="a rock that passes for a vessel half the time"),
        pytest.param(ObjectKind.VESSEL, 20, 12, None, None, id="six in ten are enough for a hull"),
        pytest.param(ObjectKind.DOLPHIN, 18, 18, Measured(value=69.0, sigma=19.0), "length", id="a far boat"),
        pytest.param(ObjectKind.DOLPHIN, 18, 18, Measured(value=40.0, sigma=19.0), None, id="a vague length"),
        pytest.param(ObjectKind.VESSEL, 18, 18, Measured(value=0.9, sigma=0.1), "length", id="a float"),
    ],
)
def test_belief(kind: ObjectKind, hits: int, sure: int, length_m: Measured | None, word: str | None) -> None:
    reason = why_not_believed(kind, hits, sure, length_m, SETTINGS)
    assert (reason is None) if word is None else (reason is not None and word in reason)
