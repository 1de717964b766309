from pathlib import Path

import pytest

from wideberth_training_detector.sources import ALL_SOURCES, LAKE_TILES

_ROOT = Path(__file__).resolve().parents[3].parent / "shared" / "data"
_MEASURE_ONLY = ("porpoise", "vessel_frames", "clips", "otter", "photogrammetry")


def test_every_source_names_a_permissive_licence() -> None:
    assert {s.licence for s in ALL_SOURCES} <= {"MIT", "Apache-2.0", "CC0-1.0"}


def test_tiles_of_one_picture_fall_on_one_side() -> None:
    tiles = [Path(f"train_DJI_0262_r0c{k}.jpg") for k in range(3)] + [Path("valid_DJI_0262.jpg")]
    assert {LAKE_TILES.picture_id(t) for t in tiles} == {"0262"}


@pytest.mark.skipif(not _ROOT.exists(), reason="needs ../shared/data")
def test_the_recipe_opens_no_picture_that_only_measures() -> None:
    used = [p for s in ALL_SOURCES for held_out in (False, True) for p in s.pictures(_ROOT, held_out)]
    assert len(used) > 150
    measured = [
        p for p in used if any(p.relative_to(_ROOT).as_posix().startswith(m) or m in p.name for m in _MEASURE_ONLY)
    ]
    assert [p for p in measured if not p.relative_to(_ROOT).as_posix().startswith("lake_vessel_frames")] == []


@pytest.mark.skipif(not _ROOT.exists(), reason="needs ../shared/data")
def test_held_out_pictures_are_never_trained_on() -> None:
    for source in ALL_SOURCES:
        trained = {source.picture_id(p) for p in source.pictures(_ROOT)}
        assert trained.isdisjoint({source.picture_id(p) for p in source.pictures(_ROOT, held_out=True)})
