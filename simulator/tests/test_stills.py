"""Stills and crops: same again, labels legal, boxes where the things are."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from wideberth_simulator.geometry import Camera
from wideberth_simulator.hulls import round_body
from wideberth_simulator.shading import CLARITY_PER_M, WATER_COLOURS, Light, Water
from wideberth_simulator.stills import KINDS, random_animal_crop, random_clutter_crop, random_still
from wideberth_simulator.stills.__main__ import label_lines, write_still
from wideberth_simulator.stills.conditions import Conditions
from wideberth_simulator.stills.contents import Contents, Placed, dolphin_at
from wideberth_simulator.stills.grade import graded
from wideberth_simulator.stills.notice import finished_shows
from wideberth_simulator.stills.still import render_still

CONDITIONS = Conditions(
    Camera(240, 240, 800.0, 120.0, 120.0, 0.0, 0.0, 20.0, 0.0, -90.0, 0.0), Light(120.0, 30.0, 1.0, 0.0, 30_000.0, 1.0),
    Water(WATER_COLOURS["teal"], CLARITY_PER_M["green"], 0.0), 2.0, 40.0, 0.5, 1.0, 0.0,
)  # fmt: skip


def cond_gsd_m():
    return CONDITIONS.camera.height_m / CONDITIONS.camera.focal_px


def test_same_seed_same_still():
    a, b = random_still(11, 320, 256), random_still(11, 320, 256)
    assert np.array_equal(a.image_bgr, b.image_bgr)
    assert a.boxes == b.boxes
    assert a.image_bgr.shape == (256, 320, 3)
    assert a.glint_mask.shape == (256, 320)


def test_labels_are_legal_and_all_kinds_appear():
    kinds = set()
    for seed in range(10):
        still = random_still(seed, 192, 192)
        for box, line in zip(still.boxes, label_lines(still), strict=True):
            kinds.add(box.kind)
            parts = line.split()
            assert len(parts) == 9
            assert 0 <= int(parts[0]) < len(KINDS)
            assert all(0.0 <= float(v) <= 1.0 for v in parts[1:])
            assert -90 <= box.angle_deg < 90
            assert 0 < box.visible_fraction <= 1
    assert {"dolphin", "vessel"} <= kinds


def test_files(tmp_path):
    for name in ("images", "labels"):
        (tmp_path / name).mkdir()
    write_still(3, "a", tmp_path, (128, 96), "png")
    assert (tmp_path / "images" / "a.png").stat().st_size > 1000
    assert (tmp_path / "labels" / "a.txt").exists()


@pytest.mark.parametrize("surfaced", [True, False])
def test_animal_crop_has_its_animal_near_the_middle(surfaced):
    crop = random_animal_crop(5, 112, surfaced)
    assert crop.kind == "dolphin"
    assert crop.surfaced is surfaced
    assert crop.box is not None
    assert abs(crop.box.cx_px - 56) < 25
    assert abs(crop.box.cy_px - 56) < 25
    assert 10 < crop.box.length_px < 90


@pytest.mark.parametrize("kind", ["spray", "rock", "whitecap", "glint", "wake", "water", "buoy"])
def test_clutter_crop(kind):
    crop = random_clutter_crop(9, 96, kind)
    assert crop.image_bgr.shape == (96, 96, 3)
    assert crop.kind == kind
    assert crop.box is None


def test_stills_need_no_video_and_no_tables():
    code = (
        "import sys\n"
        "for name in ('av', 'pyarrow', 'yaml'):\n"
        "    sys.modules[name] = None\n"
        "import wideberth_simulator.stills\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_carries_no_label_is_known():
    ignored = [box for seed in range(12) for box in random_still(seed, 192, 192).ignored]
    assert ignored
    assert {box.kind for box in ignored} <= set(KINDS)


def test_some_stills_are_empty_and_most_are_not():
    counts = [len(random_still(seed, 256, 256).boxes) for seed in range(40)]
    assert 1 <= counts.count(0) <= 20
    assert max(counts) >= 4


def test_boxes_of_submerged_bodies_end_where_they_stop_showing():
    cond = CONDITIONS
    rng = np.random.default_rng(8)
    deep = dolphin_at(rng, 0.0, 0.0, 20.0, 0.05)
    still = render_still(5, cond, Contents((deep,), np.zeros((0, 7)), np.zeros((0, 5))), rng)
    murky = replace(cond, water=replace(cond.water, dimming_per_m=(9.0, 9.0, 9.0)))
    dim = render_still(5, murky, Contents((deep,), np.zeros((0, 7)), np.zeros((0, 5))), np.random.default_rng(8))
    assert len(still.boxes) == len(dim.boxes) == 1
    whole, back = still.boxes[0], dim.boxes[0]
    assert back.length_px * back.width_px < 0.8 * whole.length_px * whole.width_px
    assert whole.length_px == pytest.approx(2.5 / cond_gsd_m(), rel=0.2)


def test_a_body_too_deep_to_notice_is_ignored_not_labelled():
    rng = np.random.default_rng(8)
    faint = dolphin_at(rng, 0.0, 0.0, 20.0, 2.6)
    still = render_still(5, CONDITIONS, Contents((faint,), np.zeros((0, 7)), np.zeros((0, 5))), rng)
    assert not still.boxes


def test_an_animal_under_another_body_is_ignored_not_labelled():
    rng = np.random.default_rng(8)
    back = dolphin_at(rng, 0.0, 0.0, 20.0, 0.05)
    raft = Placed("clutter", round_body(0.0, 0.0, 0.2, 2.2, 0.3, (30.0, 60.0, 200.0)))
    nothing = np.zeros((0, 7)), np.zeros((0, 5))
    bare = render_still(5, CONDITIONS, Contents((back,), *nothing), np.random.default_rng(8))
    hidden = render_still(5, CONDITIONS, Contents((back, raft), *nothing), np.random.default_rng(8))
    assert len(bare.boxes) == 1
    assert not hidden.boxes
    assert len(hidden.ignored) == 1


def test_what_editing_drowned_is_ignored_not_labelled():
    outline = np.array([(8.0, 8.0), (24.0, 8.0), (24.0, 24.0), (8.0, 24.0)])
    bare = np.full((32, 32, 3), 60, np.uint8)
    clear, faint = bare.copy(), bare.copy()
    clear[8:24, 8:24] += 20
    faint[8:24, 8:24] += 3
    free, covered = np.zeros((32, 32), bool), np.ones((32, 32), bool)
    assert finished_shows(clear, bare, outline, (0, 0, 32, 32), free)
    assert not finished_shows(faint, bare, outline, (0, 0, 32, 32), free)
    assert not finished_shows(clear, bare, outline, (0, 0, 32, 32), covered)


def test_no_sea_is_purple():
    rng = np.random.default_rng(1)
    purple = np.full((64, 64, 3), (150, 60, 140), np.uint8)
    for _ in range(8):
        blue, green, red = np.median(graded(purple, rng).reshape(-1, 3), axis=0)
        assert green >= min(blue, red) - 6
