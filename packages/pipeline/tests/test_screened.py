"""What a verdict does to a track, which tracks are screened at all, and where empty sea is looked for."""

import numpy as np
import pytest

from wideberth_contracts.detections import ObjectKind
from wideberth_contracts.frames import FrameMeta, TimeBase
from wideberth_contracts.screening import Screening, ScreenVerdict
from wideberth_contracts.tracks import Track, TrackState
from wideberth_media import frame_of
from wideberth_pipeline.empty_sea import FIRST_S, PLACES, empty_places
from wideberth_pipeline.follow import _screened, screenable
from wideberth_pipeline.segment_file import EMPTY_SEA


def track(kind: ObjectKind = ObjectKind.DOLPHIN, state: TrackState = TrackState.CONFIRMED) -> Track:
    return Track(id="t", kind=kind, state=state, points=())


@pytest.mark.parametrize("kind", [kind for kind in ObjectKind if kind is not ObjectKind.DOLPHIN])
@pytest.mark.parametrize("state", list(TrackState))
def test_vessels_and_swimmers_are_never_vetoed(kind, state):
    assert not screenable(track(kind, state))
    assert _screened(track(kind, state), {}) == track(kind, state)


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (ScreenVerdict.ANIMAL, TrackState.CONFIRMED),
        (ScreenVerdict.UNKNOWN, TrackState.CONFIRMED),
        (ScreenVerdict.CLUTTER, TrackState.REJECTED),
    ],
)
def test_only_clutter_is_rejected_and_every_verdict_is_marked(verdict, state):
    said = Screening(track_id="t", verdict=verdict, score=0.0, threshold=-1.0, sure_above=1.0, crops=(), model_id="m")
    marked = _screened(track(), {"t": said})
    assert (marked.screened, marked.state) == (verdict, state)


@pytest.mark.parametrize(("t_s", "places"), [(0.0, PLACES), (1.0, 0), (FIRST_S + 2, 0)])
def test_empty_sea_is_looked_for_now_and_then_in_the_first_minute(t_s, places):
    base = TimeBase(numerator=1, denominator=1000)
    meta = FrameMeta(clip="c", pts=round(t_s * 1000), time_base=base, t_s=t_s, width_px=320, height_px=200)
    found = empty_places(frame_of(np.zeros((200, 320, 3), np.uint8), meta), ())
    assert [crop.detection for crop in found] == [EMPTY_SEA] * places
