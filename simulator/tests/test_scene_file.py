"""Scene files: good ones load, bad ones say file, field and remedy."""

import pytest

from wideberth_simulator import SceneError, bundled_scene, bundled_scenes, load_scene

GOOD = """
name: tiny
seed: 1
origin: {latitude: 33.2, longitude: 126.2}
start: "2026-05-14T10:00:00+09:00"
duration_s: 2
flight: {keys: [{height_m: 60, pitch_deg: -40}]}
"""


def test_bundled_scenes_load():
    promised = "demo day low_sun glint_centre calm rough height_60 height_110 pitch_30 nadir_90 consumer no_vessel"
    assert set(promised.split()) <= set(bundled_scenes())
    for name in bundled_scenes():
        assert bundled_scene(name).name == name


def test_smallest_scene(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(GOOD)
    scene = load_scene(path)
    assert scene.frame_count == 10
    assert scene.video.focal_px == pytest.approx(1332.5)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param("seed: 1", "seed: -1", ["seed", "0 to"], id="range"),
        pytest.param("seed: 1", "", ["seed", "missing"], id="missing"),
        pytest.param("seed: 1", "seed: 1\nwind: 3", ["wind", "not a field"], id="unknown field"),
        pytest.param("+09:00", "", ["start", "zone"], id="naive time"),
        pytest.param("height_m: 60", "height_m: high", ["flight.keys[0].height_m", "'high'"], id="type, with index"),
        pytest.param("seed: 1", "seed: 1\nvideo: {width_px: 321}", ["video.width_px", "322"], id="odd width"),
        pytest.param("seed: 1", "seed: 1\nwater: pink", ["water", "teal"], id="choice"),
        pytest.param("seed: 1", "seed: 1\nvideo: {fps: fast}", ["video.fps", "29.97"], id="rate"),
        pytest.param("seed: 1", "seed: [", ["YAML"], id="not yaml"),
        pytest.param(
            "seed: 1",
            "seed: 1\nvessels: [{id: a, subtype: rib, waypoints: []}]",
            ["vessels[0].waypoints", "at least one"],
            id="no path",
        ),
        pytest.param(
            "seed: 1",
            "seed: 1\nrocks: [&r {id: a, east_m: 0, north_m: 0, radius_m: 1}, *r]",
            ["'a'", "twice"],
            id="same id",
        ),
    ],
)  # fmt: skip
def test_errors_name_file_field_and_remedy(tmp_path, old, new, words):
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(SceneError) as error:
        load_scene(path)
    for word in ["bad.yaml", *words]:
        assert word in str(error.value)


def test_missing_file_and_unknown_name(tmp_path):
    with pytest.raises(SceneError, match="cannot be read"):
        load_scene(tmp_path / "none.yaml")
    with pytest.raises(SceneError, match="demo"):
        bundled_scene("nowhere")
