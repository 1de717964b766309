"""One labelled still: conditions, contents, picture, boxes."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from wideberth_simulator.boxes import OrientedBox
from wideberth_simulator.made_waves import made_slopes
from wideberth_simulator.painted import draw_shore, draw_strands, sea_grid
from wideberth_simulator.raster import Layers, draw_foam, draw_spray
from wideberth_simulator.sensor import develop, glint_mask, with_sun
from wideberth_simulator.shading import shade_window
from wideberth_simulator.skyline import draw_strip
from wideberth_simulator.stills.conditions import Conditions, random_conditions
from wideberth_simulator.stills.contents import Contents, Placed, draw_placed
from wideberth_simulator.stills.grade import graded
from wideberth_simulator.stills.mixture import random_contents
from wideberth_simulator.stills.notice import BURIED_SHARE, finished_shows, noticed_points, window_of, with_glint
from wideberth_simulator.visibility import SEEN_THROUGH_WATER, visible
from wideberth_simulator.waves import make_sea

KINDS = ("dolphin", "vessel", "jet_ski", "swimmer")
"""Label classes in order: 0 dolphin, 1 vessel, 2 jet_ski, 3 swimmer."""
MIN_LENGTH_PX = 5.0
"""Shorter boxes are left out."""
MIN_VISIBLE = 0.3
"""Bodies of which less than this share lies inside the picture carry no label, unless the piece is a big one."""
SHIFT_PX = 26
"""Waves shift what lies under water by up to this much: close up, the outline of a body breaks."""
BIG_PIECE_PX = 24.0
"""A piece of a body this wide is labelled however little of the whole it is: nobody could overlook it."""


@dataclass(frozen=True)
class LabelledBox:
    """A label.

    Attributes:
        kind: One of `KINDS`.
        cx_px: Centre from the left edge.
        cy_px: Centre from the top edge.
        length_px: Long side.
        width_px: Short side.
        angle_deg: Direction of the length, clockwise from image +x, in [-90, 90).
        visible_fraction: Share of the body's outline that is inside the picture and near enough to the surface.
        depth_m: How deep its highest point lies under the mean sea; 0 for whatever breaks the surface.
    """

    kind: str
    cx_px: float
    cy_px: float
    length_px: float
    width_px: float
    angle_deg: float
    visible_fraction: float
    depth_m: float = 0.0

    def corners(self) -> npt.NDArray[np.float64]:
        """Return the four corners (4, 2)."""
        return OrientedBox(self.cx_px, self.cy_px, self.length_px, self.width_px, self.angle_deg).corners()


@dataclass(frozen=True)
class Still:
    """A picture with its labels.

    Attributes:
        image_bgr: (h, w, 3) uint8.
        boxes: Labels.
        glint_mask: (h, w) bool, true sun glint.
        gsd_m: Metres a pixel at the middle of the sea in view.
        conditions: How it was made.
        ignored: Boxes of things that are there and carry no label: too faint, drowned in glint, cut by the edge.
    """

    image_bgr: npt.NDArray[np.uint8]
    boxes: tuple[LabelledBox, ...]
    glint_mask: npt.NDArray[np.bool_]
    gsd_m: float
    conditions: Conditions
    ignored: tuple[LabelledBox, ...] = ()


def _label(item: Placed, cond: Conditions) -> tuple[LabelledBox, npt.NDArray[np.float64], bool] | None:
    """Return the box of what shows of a body, its outline, and whether enough of it lies inside the picture."""
    seen = visible(item.mesh, item.kind, cond.camera, cond.water, item.axis_m)
    if seen is None or seen.box.length_px < MIN_LENGTH_PX or seen.box.width_px < 1.0:
        return None
    b = seen.box
    depth = max(0.0, -float(item.mesh.corners[..., 2].max()))
    width = max(b.width_px, 2.0)
    label = LabelledBox(item.kind, b.cx_px, b.cy_px, b.length_px, width, b.angle_deg, seen.fraction, depth)
    return label, seen.outline_px, seen.inside >= MIN_VISIBLE or b.width_px >= BIG_PIECE_PX


def _tightened(box: LabelledBox, points_px: npt.NDArray[np.float64]) -> LabelledBox:
    """Return the box, same direction, round the pixels that stand out; strays beyond half a percent are left out."""
    a = math.radians(box.angle_deg)
    u, v = np.array([math.cos(a), math.sin(a)]), np.array([-math.sin(a), math.cos(a)])
    (low_u, high_u), (low_v, high_v) = (np.percentile(points_px @ w, (0.5, 99.5)) for w in (u, v))
    centre = u * (low_u + high_u) / 2 + v * (low_v + high_v) / 2
    return replace(
        box, cx_px=float(centre[0]), cy_px=float(centre[1]), length_px=float(high_u - low_u + 1),
        width_px=float(max(high_v - low_v + 1, 2.0)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Scene:
    """What was drawn, for judging what shows.

    Attributes:
        light, bare_light: (h, w, 3) linear light with bodies, and without them wherever one is; glint up to `SUN_ROOF`.
        glint: (h, w) strength of the sun's glint.
        image, bare_image: (h, w, 3) the finished pictures of both.
        owner: (h, w) which body a pixel shows; -1 for none.
    """

    light: npt.NDArray[np.float32]
    bare_light: npt.NDArray[np.float32]
    glint: npt.NDArray[np.float32]
    image: npt.NDArray[np.uint8]
    bare_image: npt.NDArray[np.uint8]
    owner: npt.NDArray[np.int16]


def _noticed(
    box: LabelledBox, outline: npt.NDArray[np.float64], cond: Conditions, scene: _Scene, number: int
) -> LabelledBox | None:
    """Return the box of what a person would notice inside an outline, or None when they would not."""
    window = window_of(outline, cond, 4)
    if window is None:
        return None
    x0, y0, x1, y1 = window
    # Buried in glint nobody sees it: most of its place is sunlight.
    if box.kind in SEEN_THROUGH_WATER and float((scene.glint[y0:y1, x0:x1] > 0.3).mean()) > BURIED_SHARE:
        return None
    owner = scene.owner[y0:y1, x0:x1]
    # Who and what stands on a hull belongs to it; what floats over an animal hides it.
    covered = (owner >= 0) & (owner != number) & (box.kind in SEEN_THROUGH_WATER)
    if not finished_shows(scene.image, scene.bare_image, outline, window, covered):
        return None
    if box.kind not in SEEN_THROUGH_WATER:
        return box
    light, bare = scene.light[y0:y1, x0:x1], scene.bare_light[y0:y1, x0:x1]
    points = noticed_points(light, bare, cond, outline, window, covered)
    if points is None:
        return None
    tight = _tightened(box, points)
    return tight if tight.length_px >= MIN_LENGTH_PX else None


def _boxes(
    contents: Contents, cond: Conditions, scene: _Scene
) -> tuple[tuple[LabelledBox, ...], tuple[LabelledBox, ...]]:
    """Return labels, and the boxes of what is there without a label."""
    labels: list[LabelledBox] = []
    ignored: list[LabelledBox] = []
    for number, item in enumerate(contents.items):
        found = _label(item, cond) if item.kind in KINDS else None
        if found is None:
            continue
        box, outline, whole = found
        tight = _noticed(box, outline, cond, scene, number)
        if whole and tight is not None:
            labels.append(tight)
        else:
            ignored.append(tight or box)
    return tuple(labels), tuple(ignored)


def _drawn(layers: Layers, items: tuple[Placed, ...], cond: Conditions) -> npt.NDArray[np.int16]:
    """Draw the bodies and return which of them each pixel shows; -1 for none."""
    height, width = layers.foam.shape
    owner = np.full((height, width), -1, np.int16)
    for number, item in enumerate(items):
        seen = cond.camera.project(item.mesh.corners)[..., :2].reshape(-1, 2)
        low = np.clip(np.nan_to_num(seen.min(axis=0)) - 2, 0, (width, height)).astype(int)
        high = np.clip(np.nan_to_num(seen.max(axis=0)) + 3, 0, (width, height)).astype(int)
        part = (slice(low[1], high[1]), slice(low[0], high[0]))
        over, under = layers.over[part].copy(), layers.under[part].copy()
        draw_placed(layers, item, cond)
        changed = (layers.over[part] != over).any(axis=2) | (layers.under[part] != under).any(axis=2)
        owner[part][changed] = number
    return owner


def random_still(seed: int, width_px: int = 640, height_px: int = 640, contents: Contents | None = None) -> Still:
    """Return a still with everything varied; the same seed gives the same pixels.

    Args:
        seed: Any integer >= 0.
        width_px: Picture width.
        height_px: Picture height.
        contents: What to draw instead of random contents.
    """
    rng = np.random.default_rng((seed, 77))
    cond = random_conditions(rng, width_px, height_px)
    stuff = random_contents(rng, cond) if contents is None else contents
    return render_still(seed, cond, stuff, rng)


def _exposed(cond: Conditions, sunny: npt.NDArray[np.float32]) -> Conditions:
    """Return the conditions with the exposure that brings the middle of the picture to the wanted grey level."""
    if cond.median_dn is None:
        return cond
    middle = float(np.median(sunny[::4, ::4].mean(axis=2)))
    exposure = (cond.median_dn / 255.0) ** 2.2 / max(middle, 1e-4)
    return replace(cond, light=replace(cond.light, exposure=float(min(max(exposure, 0.15), 7.0))))


def _windows(contents: Contents, cond: Conditions) -> list[tuple[int, int, int, int]]:
    """Return the parts of the picture round the bodies that may carry a label."""
    found = (_label(item, cond) for item in contents.items if item.kind in KINDS)
    windows = (window_of(outline, cond, 4) for _, outline, _ in filter(None, found))
    return [window for window in windows if window is not None]


def render_still(seed: int, cond: Conditions, contents: Contents, rng: np.random.Generator) -> Still:
    """Return the picture and the labels of given conditions and contents."""
    width, height = cond.camera.width_px, cond.camera.height_px
    sea = replace(make_sea(cond.wind_mps, cond.wind_to_deg, rng, cond.steepness), scale=cond.wave_scale)
    slopes = sea.slopes(0.0)
    layers, bare_layers = Layers.empty(width, height, SHIFT_PX), Layers.empty(width, height, SHIFT_PX)
    if contents.made:
        finest = cond.camera.ground_sample_m(contents.made[0].east_m, contents.made[0].north_m)
        layers.made = made_slopes(contents.made, *sea_grid(cond.camera, 8), finest)
        bare_layers.made = layers.made
    draw_foam(layers, contents.foam_spots)
    bare_layers.foam[:] = layers.foam
    for which in (layers, bare_layers):
        for strip in contents.skyline:
            draw_strip(which, strip, cond.camera, seed)
        for strands in contents.strands:
            draw_strands(which, strands, cond.camera, cond.light, cond.water)
        if contents.shore is not None:
            draw_shore(which, contents.shore, cond.camera, cond.light)
    owner = _drawn(layers, contents.items, cond)
    for which in (layers, bare_layers):
        draw_spray(which, contents.spray_spots, np.array([0.85, 0.86, 0.85]) * (0.3 + 0.8 * cond.light.daylight))

    def shaded(
        which: Layers, window: tuple[int, int, int, int]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        return shade_window(cond.camera, sea, slopes, cond.light, cond.water, which, window, seed, 1.0)

    clean, glint = shaded(layers, (0, 0, width, height))
    sunny, strong = with_sun(clean, glint, cond.light.sun_colour), with_glint(clean, glint, cond)
    bare_sunny, bare_strong = sunny.copy(), strong.copy()
    for window in _windows(contents, cond):
        x0, y0, x1, y1 = window
        bare_clean, bare_glint = shaded(bare_layers, window)
        bare_sunny[y0:y1, x0:x1] = with_sun(bare_clean, bare_glint, cond.light.sun_colour)
        bare_strong[y0:y1, x0:x1] = with_glint(bare_clean, bare_glint, cond)
    seen = _exposed(cond, sunny)

    def finished(light: npt.NDArray[np.float32], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
        return graded(develop(light, seen.light.exposure, seed, seen.noise_dn, seen.blur_px, seen.sharpen), rng)

    bare_image = finished(bare_sunny, copy.deepcopy(rng))
    scene = _Scene(strong, bare_strong, glint, finished(sunny, rng), bare_image, owner)
    labels, ignored = _boxes(contents, seen, scene)
    middle = seen.camera.sea_point(width / 2, height * 0.6)
    gsd = seen.camera.ground_sample_m(*middle) if middle else math.inf
    mask = glint_mask(clean, sunny, seen.light.exposure)
    return Still(scene.image, labels, mask, gsd, seen, ignored)
