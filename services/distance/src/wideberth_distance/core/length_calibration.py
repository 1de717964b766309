"""A focal length, or a height, from something of known length on the water whose ends are picked in one picture.

The ends are put on the sea by the camera model of every pose (`projection`), and what is asked for is moved until they
lie as far apart as they should. Errors: each input moved by its own, the rest held, and the moves added in quadrature.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import brentq

from wideberth_contracts.errors import BadInput
from wideberth_contracts.wire import Measured
from wideberth_distance.core.projection import Cameras, camera_from_world, sea_from_image

PICK_SIGMA_PX = 2.0
"""Of one end, along the line between the two (geometry notes, section 9)."""
_FOCAL_SHARES = (0.15, 12.0)
_HEIGHTS_M = (1.0, 1500.0)
_OUT_OF_SIGHT_M = 1e9
"""How far apart two points are of which one is not on the sea: too far, whatever the length."""
Pixel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LengthScene:
    """One picture with a known length on the water.

    Attributes:
        a_px, b_px: its ends, px from the top left.
        height_m: of the camera above the water; unused where the height is asked for.
        focal_px: at this picture's width; unused where the focal length is asked for.
        pitch_deg: -90 straight down.
    """

    width_px: int
    height_px: int
    a_px: Pixel
    b_px: Pixel
    length_m: Measured
    height_m: Measured
    focal_px: Measured
    pitch_deg: Measured
    roll_deg: Measured
    where: str = "known length"


def focal_from_length(scene: LengthScene) -> Measured:
    """Focal length in px at the picture's width, with its error.

    Raises:
        BadInput: the ends lie too close for an answer, or no focal length puts both on the sea that far apart.
    """
    low, high = (share * scene.width_px for share in _FOCAL_SHARES)
    return _solved(scene, lambda s, f: replace(s, focal_px=Measured(value=f, sigma=0.0)), (low, high), "height_m")


def height_from_length(scene: LengthScene) -> Measured:
    """Height of the camera above the water in m, with its error. Raises as `focal_from_length`."""
    return _solved(scene, lambda s, h: replace(s, height_m=Measured(value=h, sigma=0.0)), _HEIGHTS_M, "focal_px")


def _solved(
    scene: LengthScene, put: Callable[[LengthScene, float], LengthScene], bounds: tuple[float, float], other: str
) -> Measured:
    apart_px = float(np.hypot(scene.b_px[0] - scene.a_px[0], scene.b_px[1] - scene.a_px[1]))
    if apart_px < 10 * PICK_SIGMA_PX:
        raise BadInput(
            f"the two points are {apart_px:.0f} px apart; picked to {PICK_SIGMA_PX:.0f} px they tell nothing",
            where=scene.where,
            remedy="use a picture where it fills a tenth of the width or more",
        )
    value = _root(scene, put, bounds)
    moves = [
        (_root(_moved(scene, name, +1), put, bounds) - _root(_moved(scene, name, -1), put, bounds)) / 2
        for name in ("length_m", other, "pitch_deg", "roll_deg", "a_px", "b_px")
    ]
    # Straight down the tilt counts by its square, which a move to both sides does not see.
    bent = [abs(_root(_moved(scene, name, +1), put, bounds) - value) for name in ("pitch_deg", "roll_deg")]
    return Measured(value=value, sigma=float(np.sqrt(np.sum(np.square(moves)) + np.sum(np.square(bent)))))


def _moved(scene: LengthScene, name: str, sign: int) -> LengthScene:
    change: dict[str, Any] = {}
    if name in ("a_px", "b_px"):
        along = np.subtract(scene.b_px, scene.a_px) / np.linalg.norm(np.subtract(scene.b_px, scene.a_px))
        x, y = np.add(getattr(scene, name), sign * PICK_SIGMA_PX * along)
        change[name] = (float(x), float(y))
    else:
        given: Measured = getattr(scene, name)
        change[name] = Measured(value=given.value + sign * given.sigma, sigma=given.sigma)
    return replace(scene, **change)


def _root(scene: LengthScene, put: Callable[[LengthScene, float], LengthScene], bounds: tuple[float, float]) -> float:
    def too_long_m(value: float) -> float:
        return _apart_m(put(scene, value)) - scene.length_m.value

    ends = too_long_m(bounds[0]), too_long_m(bounds[1])
    if ends[0] * ends[1] > 0:
        raise BadInput(
            f"nothing between {bounds[0]:.0f} and {bounds[1]:.0f} makes these points {scene.length_m.value:g} m apart",
            where=scene.where,
            remedy="pick both ends at the waterline; check the length, the height and the pitch",
        )
    return float(brentq(too_long_m, *bounds, xtol=1e-6, rtol=1e-10))


def _apart_m(scene: LengthScene) -> float:
    pitch, roll = np.array([scene.pitch_deg.value]), np.array([scene.roll_deg.value])
    zero = np.zeros(1)
    cameras = Cameras(
        east_m=zero,
        north_m=zero,
        height_m=np.array([scene.height_m.value]),
        focal_px=np.array([scene.focal_px.value]),
        rotation=camera_from_world(zero, pitch, roll),
        centre_px=(scene.width_px / 2, scene.height_px / 2),
    )
    places, visible = sea_from_image(cameras, np.array([scene.a_px, scene.b_px]), np.zeros(2))
    if not visible.all():
        return _OUT_OF_SIGHT_M
    return float(np.linalg.norm(places[0, 0] - places[0, 1]))
