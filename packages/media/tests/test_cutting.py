"""A cut holds the same pictures as the original, under times that lead back to it."""

import hashlib
from fractions import Fraction

import numpy as np
import pytest

from wideberth_contracts.errors import BadInput
from wideberth_media import as_array, cut_clip, frame_times, read_frames

SPECS = {
    "no B-frames": {"options": {"bf": "0"}},
    "B-frames": {"options": {"bf": "3"}},
    "open groups of pictures": {"options": {"x264-params": "open-gop=1:keyint=20:bframes=3:b-pyramid=normal"}},
    "HEVC open groups of pictures": {
        "codec": "libx265",
        "options": {"x265-params": "log-level=none:open-gop=1:keyint=20:bframes=3"},
    },
    "HEVC": {"codec": "libx265", "options": {"x265-params": "log-level=none"}},
    "uneven times": {"times_s": tuple(0.033 * n + (n % 3) * 0.004 for n in range(90))},
    "sound left out": {"audio": True},
    "MOV": {"container": "mov"},
}


def _pixels(path, clip):
    return {sampled.frame.meta.pts: as_array(sampled.frame) for sampled in read_frames(path, clip=clip)}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
@pytest.mark.parametrize(("start_s", "stop_s"), [(1.1, 1.9), (0.0, 0.4), (2.5, 99.0)])
def test_every_frame_of_the_span_decodes_to_the_same_pixels(spec, start_s, stop_s, clip, spoken, tmp_path):
    source = clip(**spec)
    before = hashlib.sha256(source.read_bytes()).hexdigest()
    cut = cut_clip(source, tmp_path / "cut.mp4", start_s, stop_s)
    whole, part = _pixels(source, "a"), _pixels(cut.path, "b")
    wanted = {stamp.pts for stamp in frame_times(source) if start_s <= stamp.t_s <= stop_s}
    shown = {pts + cut.first_pts: array for pts, array in part.items()}
    assert wanted <= set(shown)
    assert len(shown) == cut.frames
    assert (min(shown), max(shown)) == (cut.first_pts, cut.last_pts)
    for pts, array in shown.items():
        assert spoken(array) == spoken(whole[pts])
        assert np.array_equal(array, whole[pts])
    assert hashlib.sha256(source.read_bytes()).hexdigest() == before


def test_the_cut_begins_at_the_key_frame_before(clip, tmp_path):
    source = clip(gop=25, options={"sc_threshold": "0"})
    cut = cut_clip(source, tmp_path / "cut.mp4", 1.0, 1.5)
    assert cut.start_s == pytest.approx(float(Fraction(25, 30)))


def test_a_span_beyond_the_clip_is_refused(clip, tmp_path):
    source = clip()
    with pytest.raises(BadInput, match="no frame lies in"):
        cut_clip(source, tmp_path / "cut.mp4", 50.0, 60.0)
    assert not (tmp_path / "cut.mp4").exists()
