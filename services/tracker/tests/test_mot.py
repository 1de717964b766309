"""MOT files: reading, refusing, tracking, and the scores that judge it."""

from pathlib import Path

import numpy as np
import pytest

from wideberth_contracts.errors import BadInput
from wideberth_tracker.core.mot import MotBox, format_mot, parse_mot, read_mot, track_mot, write_mot
from wideberth_tracker.trials.scores import score

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def two_walkers(frames=60, gap=()):
    """Two boxes that pass one another, 40 px apart."""
    return [
        MotBox(frame, identity, start + step * frame, top, 60.0, 30.0, 0.9)
        for frame in range(1, frames + 1)
        for identity, start, step, top in ((1, 100.0, 6.0, 200.0), (2, 500.0, -6.0, 240.0))
        if not (identity == 1 and frame in gap)
    ]


def test_writing_and_reading_is_the_identity(tmp_path):
    boxes = tuple(two_walkers())
    write_mot(tmp_path / "boxes.txt", boxes)
    assert read_mot(tmp_path / "boxes.txt") == boxes


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("1,1,10,10,5\n", r"a\.txt:1: 5 fields", id="too few fields"),
        pytest.param("1,1,10,10,5,5,1\n2,1,ten,10,5,5,1\n", r"a\.txt:2: not a number", id="a word"),
        pytest.param("\n1,1,10,10,0,5,1\n", r"a\.txt:2: a box of 0 x 5", id="empty box"),
        pytest.param("1.5,1,10,10,5,5,1\n", r"a\.txt:1: frame 1.5", id="half a frame"),
        pytest.param("1,1,nan,10,5,5,1\n", r"a\.txt:1: a number is not finite", id="nan"),
        pytest.param("\n", r"a\.txt: holds no boxes", id="nothing in it"),
    ],
)
def test_a_bad_line_is_named(text, why):
    with pytest.raises(BadInput, match=why):
        parse_mot(text, "a.txt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"none\.txt"):
        read_mot(tmp_path / "none.txt")


def test_a_confidence_of_minus_one_counts_as_sure():
    assert parse_mot("1,-1,10,10,5,5,-1,-1,-1,-1\n", "a")[0].confidence == 1.0


def test_boxes_that_pass_each_other_keep_their_ids():
    truth = two_walkers()
    tracked = track_mot([MotBox(b.frame, -1, b.left_px, b.top_px, b.width_px, b.height_px, 0.9) for b in truth], 30.0)
    result = score(truth, tracked)
    assert (result.mota, result.idf1, result.switches) == (1.0, 1.0, 0)


def test_a_gap_of_two_seconds_does_not_break_a_track():
    truth = two_walkers(gap=range(20, 40))
    assert score(truth, track_mot(truth, 10.0)).switches == 0


def test_a_lone_flash_is_no_track():
    flash = MotBox(20, -1, 900.0, 900.0, 30.0, 30.0, 0.9)
    assert flash.frame not in {b.frame for b in track_mot([*two_walkers(), flash], 10.0) if b.left_px == 900.0}


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), float("inf")])
def test_a_frame_rate_that_is_none_is_refused(fps):
    with pytest.raises(BadInput, match="frames per second"):
        track_mot(two_walkers(), fps)


def test_ids_do_not_depend_on_the_order_of_lines():
    boxes = two_walkers()
    shuffled = [boxes[i] for i in np.random.default_rng(0).permutation(len(boxes))]
    assert format_mot(track_mot(shuffled, 30.0)) == format_mot(track_mot(boxes, 30.0))


SWITCH = [MotBox(f, 1 if f <= 5 else 2, 0.0, 0.0, 10.0, 10.0, 1.0) for f in range(1, 11)]
ONE = [MotBox(f, 7, 0.0, 0.0, 10.0, 10.0, 1.0) for f in range(1, 11)]


@pytest.mark.parametrize(
    ("guess", "mota", "idf1", "hota", "switches"),
    [
        pytest.param(ONE, 1.0, 1.0, 1.0, 0, id="perfect"),
        pytest.param(SWITCH, 0.9, 0.5, 0.5**0.5, 1, id="one switch half way"),
        pytest.param(ONE[:5], 0.5, 2 / 3, 0.5, 0, id="half missed"),
        pytest.param([], 0.0, 0.0, 0.0, 0, id="nothing"),
    ],
)
def test_scores_of_hand_made_cases(guess, mota, idf1, hota, switches):
    result = score(ONE, guess)
    assert (result.mota, result.idf1, result.switches) == pytest.approx((mota, idf1, switches))
    assert result.hota == pytest.approx(hota)


@pytest.mark.parametrize("name", ["TUD-Campus", "TUD-Stadtmitte"])
def test_scores_agree_with_motmetrics(name):
    """The numbers are those of motmetrics 1.4 for these files at an overlap of 0.5."""
    folder = DATA / "pedestrian_tracks" / name
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/pedestrian_tracks")
    ours = score(read_mot(folder / "gt.txt"), read_mot(folder / "test.txt"))
    known = {"TUD-Campus": (0.526462, 0.557659, 7), "TUD-Stadtmitte": (0.564014, 0.644619, 7)}[name]
    assert (ours.mota, ours.idf1, ours.switches) == pytest.approx(known, abs=1e-5)
