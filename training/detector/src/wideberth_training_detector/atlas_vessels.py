"""Sprites of vessels, jet skis and boards: a craft, a view, a light, and the white water it makes."""

import numpy as np

from wideberth_training_detector.atlas_boats import SMALL
from wideberth_training_detector.atlas_foam import F32, Rng, lace_cover, wake_strength
from wideberth_training_detector.atlas_hulls import Craft
from wideberth_training_detector.atlas_riders import board, jet_ski, paddled
from wideberth_training_detector.atlas_sails import sailing_boat
from wideberth_training_detector.atlas_scene import Light, Sea
from wideberth_training_detector.atlas_shade import render
from wideberth_training_detector.atlas_ships import LARGE
from wideberth_training_detector.atlas_simulator import simulated_craft
from wideberth_training_detector.atlas_solid import turn_matrix
from wideberth_training_detector.atlas_sprite import Sprite, finish, random_view

_LARGE_SHARE = 0.36
# Sports, console, open, inflatable, party, cabin and paddled boats: about as often as drones meet them near a coast.
_SMALL_SHARES = (0.28, 0.14, 0.13, 0.15, 0.11, 0.12, 0.07)
_SIMULATOR_SHARE = 0.22


def vessel(rng: Rng) -> Sprite | None:
    """A vessel of any kind."""
    draw = rng.random()
    craft = simulated_craft(rng) if draw < _SIMULATOR_SHARE else None
    if craft is None:
        large = rng.random() < _LARGE_SHARE
        makers = (*LARGE, sailing_boat) if large else (*SMALL, paddled)
        shares = None if large else _SMALL_SHARES
        craft = makers[int(rng.choice(len(makers), p=shares))](rng)
    return _drawn(rng, "vessel", craft, float(rng.uniform(100, 260)))


def jet_ski_sprite(rng: Rng) -> Sprite | None:
    """A jet ski."""
    craft = simulated_craft(rng, "jet_ski") if rng.random() < 0.08 else None
    return _drawn(rng, "jet_ski", craft or jet_ski(rng), float(rng.uniform(70, 170)))


def board_sprite(rng: Rng) -> Sprite | None:
    """Someone on a board."""
    return _drawn(rng, "swimmer", board(rng), float(rng.uniform(60, 150)))


def _drawn(rng: Rng, kind: str, craft: Craft, long_px: float) -> Sprite | None:
    view = random_view(rng, craft.length_m, long_px, 0.5)
    light = Light.random(rng)
    moving = rng.random() < (0.5 if craft.pace > 0.3 else 0.25)
    pace = float(rng.uniform(0.1, 1.0)) * craft.pace if moving else 0.0
    trim = turn_matrix(0, np.radians(rng.normal(1.5, 1.5) + 3 * pace), np.radians(rng.normal(0, 2.5)))
    solid = craft.solid.moved((0, 0, float(rng.normal(0, 0.02)) * craft.beam_m), trim)
    fine = 3 if long_px < 120 else 2
    picture = render(rng, solid, view, light, _sea(rng, craft, pace, light), fine, float(rng.uniform(0.4, 1.6)))
    return finish(rng, kind, picture, view, craft.length_m, 384)


def _sea(rng: Rng, craft: Craft, pace: float, light: Light) -> Sea:
    """Water round a craft: shadow in murky water or none in clear, reflection, wake."""
    shadow = float(rng.uniform(0.15, 0.75)) * light.sun if rng.random() < 0.8 else 0.0
    mirror = float(rng.uniform(0.1, 0.55)) if pace < 0.5 and rng.random() < 0.6 else 0.0
    length, beam = craft.length_m, craft.beam_m
    if pace <= 0:
        rim = float(rng.uniform(0, 0.5)) if rng.random() < 0.3 else 0.0
        return Sea(shadow=shadow, mirror=mirror, rim=rim, rim_m=0.06 * beam)
    state = int(rng.integers(1 << 31))
    cell = float(np.clip(beam * rng.uniform(0.15, 0.45), 0.25, 3.0))
    strong = float(rng.uniform(0.7, 1.0))

    def foam(x_m: F32, y_m: F32) -> F32:
        r = np.random.default_rng(state)
        white = wake_strength(r, x_m, y_m, length, beam, pace)
        # Fade out before the sprite's own edge, so that no straight line is left there.
        fade = np.clip((x_m + back) / (0.35 * back), 0, 1) * np.clip((side - np.abs(y_m)) / (0.3 * side), 0, 1)
        return np.asarray(lace_cover(r, white * fade, x_m, y_m, cell) * fade * strong, np.float32)

    back = length * float(rng.uniform(0.75, 1.9)) * (0.5 + 0.5 * pace)
    side = beam * (0.8 + 1.2 * pace)
    return Sea(shadow=shadow, mirror=mirror, foam=foam, foam_reach=(back, 0.5 * length, side, 0.0))
