"""How the things of a still are mixed: what is in it, and how often nothing is."""

from __future__ import annotations

import math

import numpy as np

from wideberth_simulator.foam import image_spots
from wideberth_simulator.painted import Shore, random_shore
from wideberth_simulator.stills.clutter import add_clutter
from wideberth_simulator.stills.conditions import Conditions
from wideberth_simulator.stills.contents import Contents, Draft, Spot
from wideberth_simulator.stills.pods import add_pods
from wideberth_simulator.stills.traffic import add_traffic

MOST_MADE = 6
"""Bodies of one still that make waves: each costs some milliseconds."""
MIX = {"nothing": 0.07, "animals": 0.32, "traffic": 0.30, "both": 0.31}
"""Shares of stills by what they hold; some of the others end up without a label as well."""


def _open_water(shore: Shore | None, spot: Spot) -> bool:
    if shore is None:
        return True
    h = math.radians(shore.inland_deg)
    inland = (spot[0] - shore.east_m) * math.sin(h) + (spot[1] - shore.north_m) * math.cos(h)
    return inland < -2.2 * shore.wave_m - shore.grain_m


def random_contents(rng: np.random.Generator, cond: Conditions) -> Contents:
    """Return random contents; about one still in five has nothing to label."""
    camera = cond.camera
    middle = camera.sea_point(camera.width_px / 2, camera.height_px / 2) or camera.sea_point(
        camera.width_px / 2, camera.height_px - 1.0
    ) or (0.0, 100.0)  # fmt: skip
    gsd = camera.ground_sample_m(*middle)
    reach = 0.5 * gsd * camera.width_px
    shore = None
    if rng.random() < 0.07:
        aside = rng.uniform(-0.9, 0.9, 2) * reach
        shore = random_shore(rng, (middle[0] + aside[0], middle[1] + aside[1]), reach)
    draft = Draft(cond, gsd, reach, lambda spot: _open_water(shore, spot))
    what = str(rng.choice(list(MIX), p=list(MIX.values())))
    if what in ("animals", "both"):
        add_pods(rng, draft)
    if what in ("traffic", "both"):
        add_traffic(rng, draft)
    add_clutter(rng, draft, 1.5 if what == "nothing" else 1.0)
    items = sorted(
        draft.items,
        key=lambda i: (
            -float(np.linalg.norm(i.mesh.corners.mean(axis=(0, 1)) - [camera.east_m, camera.north_m, camera.height_m]))
        ),
    )
    foam = [image_spots(s, camera) for s in draft.foam if len(s)]
    spray = [s for s in draft.spray if len(s)]
    return Contents(
        tuple(items),
        np.concatenate(foam) if foam else np.zeros((0, 7)),
        np.concatenate(spray) if spray else np.zeros((0, 5)),
        tuple(draft.strands),
        shore,
        tuple(draft.made[:MOST_MADE]),
    )
