from pathlib import Path

import cv2
import numpy as np
import pytest

from wideberth_training_detector import atlas
from wideberth_training_detector.atlas_cutouts import cutouts
from wideberth_training_detector.atlas_foam import lace_cover
from wideberth_training_detector.atlas_raster import LightMap
from wideberth_training_detector.atlas_scene import Light, Sea, View
from wideberth_training_detector.atlas_shade import render
from wideberth_training_detector.atlas_simulator import simulated_craft, simulated_whale
from wideberth_training_detector.atlas_solid import Solid, block
from wideberth_training_detector.atlas_sprite import box_of_mask, finish
from wideberth_training_detector.sources import LAKE_TILES

_DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
_GROUPS = ("dolphin", "vessel", "jet_ski", "swimmer", "clutter")


def _plain_light() -> Light:
    to_sun = np.array([0.6, 0.0, 0.8])
    return Light(to_sun, 1.0, np.ones(3), np.ones(3) * 0.3, 1.0, 1.0)


def _raft(z: float = 0.0) -> Solid:
    return block((-2, 2), (-0.5, 0.5), (z, z + 0.3), (0.4, 0.4, 0.4))


@pytest.mark.parametrize("group", _GROUPS)
def test_the_same_task_draws_the_same_sprite(group) -> None:
    first, second = (atlas.draw((11, group, 2)) for _ in range(2))
    assert first[1] == second[1]
    assert first[0].box == second[0].box


@pytest.mark.parametrize("group", _GROUPS)
def test_boxes_lie_on_what_can_be_seen(group) -> None:
    for number in range(5):
        sprite, _ = atlas.draw((12, group, number))
        height, width = sprite.bgra.shape[:2]
        cx, cy, length, across, angle = sprite.box
        assert 0 < cx < width
        assert 0 < cy < height
        assert length >= across > 0
        corners = cv2.boxPoints(((cx, cy), (length, across), np.degrees(angle)))
        inside = cv2.fillPoly(np.zeros((height, width), np.uint8), [np.round(corners).astype(np.int32)], 1)
        assert (sprite.bgra[..., 3][inside > 0] > 20).mean() > 0.1
        assert sprite.can_rotate == (sprite.view_pitch_deg <= -68)


@pytest.mark.parametrize("heading_deg", [0.0, 30.0, 120.0])
def test_the_box_of_a_raft_has_its_size_and_turn(heading_deg) -> None:
    view = View(np.radians(heading_deg), -90.0, 30.0, 1e6)
    rng = np.random.default_rng(0)
    sprite = finish(rng, "vessel", render(rng, _raft(), view, _plain_light(), Sea(), 2), view, 4.0, 384)
    assert sprite is not None
    assert sprite.box[2] == pytest.approx(120, abs=3)
    assert sprite.box[3] == pytest.approx(30, abs=3)
    # Headings turn to port, picture angles clockwise.
    assert np.degrees(sprite.box[4]) % 180 == pytest.approx(-heading_deg % 180, abs=1.5)


def test_what_lies_deeper_fades_and_does_not_count_as_wet() -> None:
    view = View(0.0, -90.0, 20.0, 1e6)
    shallow, deep = (
        render(np.random.default_rng(1), _raft(-0.3 - d), view, _plain_light(), Sea(fade_per_m=1.0), 2)
        for d in (0.2, 1.0)
    )
    assert shallow.bgra[..., 3].max() == pytest.approx(np.exp(-0.2), abs=0.03)
    assert deep.bgra[..., 3].max() == pytest.approx(np.exp(-1.0), abs=0.03)
    assert shallow.wet == deep.wet == 0.0
    assert render(np.random.default_rng(1), _raft(0.1), view, _plain_light(), Sea(), 2).wet == 1.0


def test_a_roof_keeps_the_sun_off() -> None:
    roof = block((-1, 1), (-1, 1), (2.0, 2.1), (0.5, 0.5, 0.5))
    light = LightMap(roof.corners, np.array([0.0, 0.0, 1.0]), 128)
    lit = light.lit(np.array([[0.0, 0, 0], [3.0, 0, 0], [0.0, 0, 3.0]], np.float32))
    assert lit.tolist() == [0.0, 1.0, 1.0]


def test_foam_grows_with_its_strength() -> None:
    y, x = np.mgrid[0:80, 0:80].astype(np.float32) / 20
    weak, strong = (lace_cover(np.random.default_rng(5), np.full_like(x, s), x, y, 0.5) for s in (0.3, 0.9))
    assert lace_cover(np.random.default_rng(5), np.zeros_like(x), x, y, 0.5).max() == 0
    assert 0 <= weak.min() <= strong.max() <= 1
    assert weak.mean() < strong.mean()


def test_a_mask_is_boxed_to_its_outer_edges() -> None:
    mask = np.zeros((40, 60), np.bool_)
    mask[10:20, 5:45] = True
    assert box_of_mask(mask) == pytest.approx((25, 15, 40, 10, 0), abs=1e-3)


def test_a_written_atlas_reads_back(tmp_path) -> None:
    entries = [atlas.draw((3, group, 0)) for group in _GROUPS]
    size = atlas.pack(entries, tmp_path / "atlas.npz")
    pictures, facts = atlas.read(tmp_path / "atlas.npz")
    assert size == (tmp_path / "atlas.npz").stat().st_size
    assert facts["kind"].tolist() == [s.kind for s, _ in entries]
    for picture, (sprite, _) in zip(pictures, entries, strict=True):
        np.testing.assert_array_equal(picture[..., 3], sprite.bgra[..., 3])
        solid = sprite.bgra[..., 3] > 200
        assert np.abs(picture[solid].astype(int) - sprite.bgra[solid]).mean() < 12


def test_an_atlas_too_large_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(atlas, "_LIMIT_BYTES", 100)
    with pytest.raises(ValueError, match="more than 100"):
        atlas.pack([atlas.draw((3, "clutter", 0))], tmp_path / "atlas.npz")
    assert not (tmp_path / "atlas.npz").exists()


def test_only_lake_pictures_have_a_fold() -> None:
    assert atlas.lake_fold("mesh") == -1
    assert {atlas.lake_fold(f"lake:{n:04d}") for n in range(258, 332)} == set(range(5))


@pytest.mark.skipif(not _DATA.exists(), reason="needs ../shared/data")
def test_cut_outs_are_permitted_and_keep_held_out_pictures_out() -> None:
    usual, every = (list(cutouts(_DATA, held_out)) for held_out in (False, True))
    assert {s.licence for s in every} == {"MIT"}
    pictures = {s.source.removeprefix("lake:") for s in usual if s.source.startswith("lake:")}
    assert pictures.isdisjoint(LAKE_TILES.held_out)
    assert len(usual) < len(every)
    assert {s.source for s in every if s.kind == "dolphin"} == {"humpback:hump_03", "humpback:hump_07", "right_whale"}


def test_without_the_simulator_the_atlas_draws_its_own_bodies(monkeypatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("wideberth_training_detector.atlas_simulator.importlib.import_module", absent)
    assert simulated_craft(np.random.default_rng(0)) is None
    assert simulated_whale(np.random.default_rng(0)) is None
    assert all(atlas.draw((5, "vessel", k))[0].kind == "vessel" for k in range(4))
