"""One labelled still: conditions, contents, picture, boxes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from wideberth_simulator.boxes import OrientedBox
from wideberth_simulator.raster import Layers, draw_foam, draw_spray
from wideberth_simulator.sensor import develop, glint_mask, with_sun
from wideberth_simulator.shading import shade_window
from wideberth_simulator.stills.conditions import Conditions, random_conditions
from wideberth_simulator.stills.contents import Contents, Placed, draw_placed, random_contents
from wideberth_simulator.visibility import visible
from wideberth_simulator.waves import make_sea

KINDS = ("dolphin", "vessel", "jet_ski", "swimmer")
"""Label classes in order: 0 dolphin, 1 vessel, 2 jet_ski, 3 swimmer."""
FAINT_DN = 4.5
"""A submerged animal is labelled only if it lifts or darkens its place by at least this many grey levels (90th
percentile over its outline): about what a person notices, three times the usual noise."""
MIN_VISIBLE = 0.3
"""Bodies of which less than this share lies inside the picture carry no label, unless the piece is a big one."""
BIG_PIECE_PX = 24.0
"""A piece of a body this wide is labelled however little of the whole it is: nobody could overlook it."""
BURIED_SHARE = 0.35
"""An animal whose place is sunlit glint to this share carries no label."""


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
    """

    image_bgr: npt.NDArray[np.uint8]
    boxes: tuple[LabelledBox, ...]
    glint_mask: npt.NDArray[np.bool_]
    gsd_m: float
    conditions: Conditions


def _degraded(image: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return the picture after coding: DCT blocks at a random quality, sometimes a resize, a colour cast."""
    if rng.random() < 0.25:
        h, w = image.shape[:2]
        f = rng.uniform(0.6, 0.95)
        small = cv2.resize(image, None, fx=f, fy=f, interpolation=cv2.INTER_AREA)
        image = np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC), np.uint8)
    if rng.random() < 0.5:
        gain = np.exp(rng.normal(0, 0.06, 3))
        lift = rng.uniform(-6, 10)
        image = np.clip(image.astype(np.float32) * gain + lift, 0, 255).astype(np.uint8)
    if rng.random() < 0.75:
        ok, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 96))])
        if ok:
            image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return image


def _noticeable(
    light: npt.NDArray[np.float32],
    bare: npt.NDArray[np.float32],
    exposure: float,
    outline: npt.NDArray[np.float64],
    origin: tuple[int, int],
) -> bool:
    mask = np.zeros(light.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(outline - np.array(origin)).astype(np.int32), 1)
    if not mask.any():
        return False

    def tone(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        return np.asarray(255 * np.clip(x.mean(axis=2) * exposure, 0, 1.2) ** (1 / 2.2), np.float64)

    change = np.abs(tone(light) - tone(bare))[mask > 0]
    return float(np.percentile(change, 90)) >= FAINT_DN


def _label(item: Placed, cond: Conditions) -> tuple[LabelledBox, npt.NDArray[np.float64]] | None:
    seen = visible(item.mesh, item.kind, cond.camera, cond.water, item.axis_m)
    if seen is None or seen.box.length_px < 5.0 or seen.box.width_px < 1.0:
        return None
    if seen.inside < MIN_VISIBLE and seen.box.width_px < BIG_PIECE_PX:
        return None
    b = seen.box
    depth = max(0.0, -float(item.mesh.corners[..., 2].max()))
    width = max(b.width_px, 2.0)
    label = LabelledBox(item.kind, b.cx_px, b.cy_px, b.length_px, width, b.angle_deg, seen.fraction, depth)
    return label, seen.outline_px


def _boxes(contents: Contents, cond: Conditions, clean: npt.NDArray[np.float32], glint_light: npt.NDArray[np.float32],
           bare_window: object) -> tuple[LabelledBox, ...]:  # fmt: skip
    out: list[LabelledBox] = []
    for item in contents.items:
        if item.kind not in KINDS:
            continue
        found = _label(item, cond)
        if found is None:
            continue
        box, outline = found
        if item.kind == "dolphin":
            x0, y0 = (int(max(0, v)) for v in np.floor(outline.min(axis=0)) - 1)
            x1 = int(min(cond.camera.width_px, outline[:, 0].max() + 2))
            y1 = int(min(cond.camera.height_px, outline[:, 1].max() + 2))
            if x1 - x0 < 2 or y1 - y0 < 2:
                continue
            bare = bare_window((x0, y0, x1, y1))  # type: ignore[operator]
            light = clean[y0:y1, x0:x1]
            # Buried in glint nobody sees it: most of its place is sunlight.
            if float((glint_light[y0:y1, x0:x1] > 0.3).mean()) > BURIED_SHARE:
                continue
            if not _noticeable(light, bare, cond.light.exposure, outline, (x0, y0)):
                continue
        out.append(box)
    return tuple(out)


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


def render_still(seed: int, cond: Conditions, contents: Contents, rng: np.random.Generator) -> Still:
    """Return the picture and the labels of given conditions and contents."""
    width, height = cond.camera.width_px, cond.camera.height_px
    sea = make_sea(cond.wind_mps, cond.wind_to_deg, rng)
    slopes = sea.slopes(0.0)
    layers = Layers.empty(width, height)
    for item in contents.items:
        draw_placed(layers, item, cond)
    bare_layers = Layers.empty(width, height)
    draw_foam(layers, contents.foam_spots)
    draw_spray(layers, contents.spray_spots, np.array([0.85, 0.86, 0.85]) * (0.3 + 0.8 * cond.light.daylight))
    bare_layers.foam[:] = layers.foam

    def shaded(
        which: Layers, window: tuple[int, int, int, int]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        return shade_window(cond.camera, sea, slopes, cond.light, cond.water, which, window, seed, 1.0)

    clean, glint = shaded(layers, (0, 0, width, height))
    sunny = with_sun(clean, glint, cond.light.sun_colour)
    image = develop(sunny, cond.light.exposure, seed, cond.noise_dn, cond.blur_px, cond.sharpen)
    boxes = _boxes(contents, cond, clean, glint, lambda w: shaded(bare_layers, w)[0])
    middle = cond.camera.sea_point(width / 2, height * 0.6)
    gsd = cond.camera.ground_sample_m(*middle) if middle else math.inf
    return Still(_degraded(image, rng), boxes, glint_mask(clean, sunny, cond.light.exposure), gsd, cond)
