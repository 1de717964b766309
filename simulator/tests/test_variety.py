"""What scenes and stills can hold beside bottlenose dolphins and the usual boats."""

import math
from dataclasses import replace

import numpy as np
import pytest

from wideberth_simulator import SceneError, bundled_scene
from wideberth_simulator.animals import random_cetacean
from wideberth_simulator.boats import BUILDERS, NO_CRAFT, build
from wideberth_simulator.render import Renderer
from wideberth_simulator.scene_file import scene_from_text
from wideberth_simulator.species import SPECIES
from wideberth_simulator.truth import TruthLog
from wideberth_simulator.world import make_world

NOT_FLOATING = ("flying_bird", "shark", "turtle")


@pytest.mark.parametrize("subtype", sorted({**BUILDERS, **NO_CRAFT}))
def test_bodies_have_their_length_and_stand_at_the_water(subtype):
    body = build(subtype, np.random.default_rng(3))
    corners = body.mesh.corners[body.mesh.boxed]
    assert np.isfinite(corners).all()
    assert body.mesh.colours.shape == (len(body.mesh.gloss), 3, 3)
    assert 0 <= body.mesh.colours.min() <= body.mesh.colours.max() <= 1
    assert np.linalg.norm(body.mesh.normals, axis=2).max() <= 1.0 + 1e-6
    if body.kind in ("vessel", "jet_ski"):
        assert np.ptp(corners[..., 0]) == pytest.approx(body.length_m, rel=0.25)
    if subtype not in NOT_FLOATING:
        assert corners[..., 2].min() < 0.3
        assert corners[..., 2].max() > 0.0


@pytest.mark.parametrize("species", SPECIES, ids=[s.name for s in SPECIES])
def test_cetaceans_are_as_long_as_their_kind_and_calves_shorter(species):
    for seed in range(4):
        grown = random_cetacean(np.random.default_rng(seed), species)
        calf = random_cetacean(np.random.default_rng(seed), species, calf=True)
        assert species.length_m[0] <= grown.length_m <= species.length_m[1]
        assert 0.4 * species.length_m[0] <= calf.length_m <= 0.65 * species.length_m[1]
        spine = grown.mesh().corners
        assert np.ptp(spine[..., 0]) == pytest.approx(grown.length_m, rel=0.12)


def test_a_calf_keeps_beside_a_grown_animal():
    world = make_world(bundled_scene("whales"))
    lengths = [d.body.length_m for d in world.dolphins]
    assert lengths[2] < 0.9 * max(lengths[:2])
    for t in (0.0, 6.0, 14.0):
        mother, calf = world.dolphins[0].path.at(t), world.dolphins[2].path.at(t)
        gap = math.hypot(mother.east_m - calf.east_m, mother.north_m - calf.north_m)
        assert 1.0 < gap < 7.0


def test_species_and_birds_stand_in_the_truth():
    scene = bundled_scene("shallow")
    world = make_world(replace(scene, duration_s=0.4))
    log = TruthLog(world)
    log.add(0, world.drone.camera(0.0, scene.video), 0.0)
    kinds = {(r["kind"], r["subtype"]) for r in log.rows}
    assert {("dolphin", "porpoise"), ("fish", "shark"), ("fish", "turtle"), ("bird", "flying_bird")} <= kinds
    assert all(r.get("separation_m") is None for r in log.rows)


def test_birds_leave_no_wake_and_a_seabed_shows():
    scene = bundled_scene("shallow")
    small = replace(scene, video=replace(scene.video, width_px=320, height_px=180), pods=())
    bed = Renderer(make_world(small))
    _, with_bed, _ = bed.frame(0)
    assert bed.layers.foam.max() == 0.0
    _, without, _ = Renderer(make_world(replace(small, seabed=replace(small.seabed, cover=0.0)))).frame(0)
    assert with_bed.mean() < without.mean()
    assert np.abs(with_bed - without).max() > 0.02


def test_too_many_calves_are_refused():
    text = """
name: x
seed: 1
origin: {latitude: 33, longitude: 126}
start: "2026-05-14T10:20:00+09:00"
duration_s: 1
flight: {keys: [{height_m: 40, pitch_deg: -40}]}
pods: [{id: p, count: 3, calves: 2, east_m: 0, north_m: 40}]
"""
    with pytest.raises(SceneError, match="calves"):
        scene_from_text(text, "x.yaml")
