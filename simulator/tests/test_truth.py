"""Truth against closed forms and against the pixels that were drawn."""

import json
import math

import numpy as np
import pyarrow.parquet as pq
import pytest

from wideberth_simulator import bundled_scene
from wideberth_simulator.boats import build
from wideberth_simulator.boxes import OrientedBox, box_along, clipped, smallest_box
from wideberth_simulator.geometry import Camera, horizon_dip_rad
from wideberth_simulator.lighting import draw
from wideberth_simulator.raster import Layers
from wideberth_simulator.separations import polygon_distances_m
from wideberth_simulator.shading import CLARITY_PER_M, WATER_COLOURS, Light, Water, shade_window
from wideberth_simulator.stills.contents import dolphin_at
from wideberth_simulator.truth import TruthLog
from wideberth_simulator.visibility import visible
from wideberth_simulator.waves import make_sea
from wideberth_simulator.world import make_world

WATER = Water(WATER_COLOURS["teal"], CLARITY_PER_M["teal"])
LIGHT = Light(120.0, 50.0, 0.0, 0.0, 30_000.0, 1.0)


def camera(height_m=40.0, pitch_deg=-45.0, yaw_deg=30.0):
    return Camera(960, 540, 1400.0, 480.0, 270.0, 0.0, 0.0, height_m, yaw_deg, pitch_deg, 0.4)


def inside_share(mask, box: OrientedBox, slack_px=1.0):
    y, x = np.nonzero(mask)
    a = math.radians(box.angle_deg)
    dx, dy = x + 0.5 - box.cx_px, y + 0.5 - box.cy_px
    along, across = dx * math.cos(a) + dy * math.sin(a), -dx * math.sin(a) + dy * math.cos(a)
    return np.mean((np.abs(along) <= box.length_px / 2 + slack_px) & (np.abs(across) <= box.width_px / 2 + slack_px))


@pytest.mark.parametrize("subtype", ["tour_boat", "rib", "motorboat", "jet_ski", "kayak"])
@pytest.mark.parametrize("pitch_deg", [-90.0, -40.0])
def test_vessel_box_covers_drawn_pixels_tightly(subtype, pitch_deg):
    cam = camera(pitch_deg=pitch_deg)
    spot = cam.sea_point(480, 270)
    mesh = build(subtype, np.random.default_rng(2)).mesh.placed(*spot, 0.0, 70.0)
    layers = Layers.empty(960, 540)
    draw(layers, mesh, cam, LIGHT, WATER)
    seen = visible(mesh, "vessel", cam, WATER)
    mask = layers.over[..., 3] > 0.01
    assert inside_share(mask, seen.box) == 1.0
    ys, xs = np.nonzero(mask)
    drawn = smallest_box(np.column_stack([xs + 0.5, ys + 0.5]))
    assert seen.box.length_px * seen.box.width_px <= 1.25 * (drawn.length_px + 2) * (drawn.width_px + 2)


def test_dolphin_box_covers_drawn_pixels_and_lies_along_the_body():
    cam = camera(height_m=25.0, pitch_deg=-90.0, yaw_deg=0.0)
    item = dolphin_at(np.random.default_rng(4), 1.0, 2.0, 60.0, 0.05)
    layers = Layers.empty(960, 540)
    draw(layers, item.mesh, cam, LIGHT, WATER)
    seen = visible(item.mesh, "dolphin", cam, WATER, item.axis_m)
    assert inside_share((layers.over[..., 3] > 0.01) | (layers.under[..., 4] > 0.3), seen.box) == 1.0
    # North is up in this picture: heading 60 runs 30 degrees above +x, that is -30 with y down.
    assert seen.box.angle_deg == pytest.approx(-30.0, abs=2.5)
    assert seen.box.length_px == pytest.approx(2.5 * 1400 / 25, rel=0.13)


def test_box_angles_and_clipping():
    points = np.array([[0, 0], [10, 10], [11, 9], [1, -1]], float)
    assert smallest_box(points).angle_deg == pytest.approx(45.0, abs=1e-3)
    assert box_along(points, np.array([-1.0, -1.0])).angle_deg == pytest.approx(45.0)
    assert box_along(points, np.array([0.0, 1.0])).angle_deg == pytest.approx(-90.0)
    cut = clipped(np.array([[-5, -5], [5, -5], [5, 5], [-5, 5]], float), 100, 100)
    assert sorted(map(tuple, np.round(cut, 6))) == [(0, 0), (0, 5), (5, 0), (5, 5)]


def test_separation_of_a_square_hull():
    square = np.array([[-2, -1], [2, -1], [2, 1], [-2, 1]], float)
    points = np.array([[5.0, 0.0], [0.0, 4.0], [5.0, 5.0], [0.5, 0.2]])
    assert polygon_distances_m(square, points) == pytest.approx([3.0, 3.0, 5.0, 0.0])


def test_horizon_row_is_where_the_dip_says():
    for height in (30.0, 100.0):
        cam = Camera(640, 360, 900.0, 320.0, 180.0, 0.0, 0.0, height, 0.0, -4.0, 0.0)
        sea = make_sea(2.0, 0.0, np.random.default_rng(0))
        clear = Light(180.0, 60.0, 0.0, 0.0, 1e6, 1.0)
        picture, _ = shade_window(
            cam, sea, sea.slopes(0.0), clear, WATER, Layers.empty(640, 360), (0, 0, 640, 360), 0, 1
        )
        column = picture[:, 300:340, 2].mean(axis=1)
        row = int(np.argmax(np.abs(np.diff(column)))) + 1
        expected = 180.0 + 900.0 * math.tan(math.radians(-4.0) + horizon_dip_rad(height))
        assert row == pytest.approx(expected, abs=1.01)


def test_truth_rows_agree_with_the_camera(demo_files):
    rows = pq.read_table(demo_files.truth).to_pylist()
    frames = {f["frame_index"]: f for f in pq.read_table(demo_files.truth_frames).to_pylist()}
    checked = 0
    for row in rows:
        f = frames[row["frame_index"]]
        if row["kind"] != "dolphin" or not row["in_view"]:
            continue
        cam = Camera(
            480,
            270,
            f["focal_px"],
            240,
            135,
            f["east_m"],
            f["north_m"],
            f["height_m"],
            f["yaw_deg"],
            f["pitch_deg"],
            f["roll_deg"],
        )
        spot = cam.sea_point(row["cx_px"], row["cy_px"])
        assert math.hypot(spot[0] - row["east_m"], spot[1] - row["north_m"]) < 2.5
        assert -90 <= row["angle_deg"] < 90
        checked += 1
    assert checked > 10
    assert len(rows) == len(frames) * 8  # five dolphins, two vessels, a rock


def test_separation_in_truth_is_hull_to_nearest_animal(demo_files):
    rows = pq.read_table(demo_files.truth).to_pylist()
    boat = next(r for r in rows if r["object_id"] == "tour_boat" and r["frame_index"] == 4)
    animals = np.array([[r["east_m"], r["north_m"]] for r in rows if r["kind"] == "dolphin" and r["frame_index"] == 4])
    hull = np.column_stack([boat["hull_east_m"], boat["hull_north_m"]])
    dense = np.concatenate([hull + (np.roll(hull, -1, axis=0) - hull) * u for u in np.linspace(0, 1, 200)])
    brute = np.sqrt(((dense[:, None] - animals[None]) ** 2).sum(axis=2)).min()
    assert boat["separation_m"] == pytest.approx(brute, abs=0.02)
    assert boat["separation_surfaced_m"] is None or boat["separation_surfaced_m"] >= boat["separation_m"] - 1e-9


@pytest.mark.parametrize(
    ("name", "violators", "low", "high"),
    [
        ("demo", {"tour_boat"}, 15, 35), ("day", {"tour_boat"}, 15, 32), ("low_sun", {"fishing_boat"}, 15, 32),
        ("glint_centre", {"tour_boat"}, 15, 32), ("rough", {"motorboat"}, 15, 32),
        ("height_60", {"fishing_boat"}, 15, 32),
        ("pitch_30", {"tour_boat"}, 15, 32), ("nadir_90", {"motorboat"}, 12, 32), ("consumer", {"tour_boat"}, 15, 32),
        ("calm", set(), 70, 110), ("height_110", set(), 70, 110), ("no_vessel", set(), 0, 0),
    ],
)  # fmt: skip
def test_scenes_hold_what_they_promise(name, violators, low, high):
    world = make_world(bundled_scene(name))
    log = TruthLog(world)
    scene = world.scene
    for i in range(0, scene.frame_count, 5):
        log.add(i, world.drone.camera(float(i / scene.video.fps), scene.video), 0.0)
    summary = log._vessel_summary
    found = {v.id: summary(v, 1.0) for v in world.vessels}
    assert {k for k, s in found.items() if "inside_50m" in s["breaches"]} == violators
    if found:
        assert low <= min(s["closest_separation_m"] for s in found.values()) <= high
    for name_ in violators:
        assert found[name_]["seconds_inside_50m"] >= 6.0
        assert found[name_]["closest_surfaced_separation_m"] < 40.0


def test_summary_is_strict_json(demo_files):
    summary = json.loads(demo_files.summary.read_text(), parse_constant=lambda c: pytest.fail(f"{c} in the summary"))
    assert summary["vessels"][0]["object_id"] == "tour_boat"
    assert summary["frames"] == 8
