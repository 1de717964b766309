"""All hulls of a frame at once, against the same residuals told plainly and minimised by scipy, one craft at a time."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from wideberth_contracts.detections import ObjectKind, OrientedBox
from wideberth_distance.core.craft import DECK_BEAM, DECK_LENGTH, OUTLINE, PRIORS
from wideberth_distance.core.hull import fit_hulls
from wideberth_distance.core.hull_terms import Boxes, Terms
from wideberth_distance.core.projection import Array, Cameras, cameras_of, image_from_sea
from wideberth_distance.trials.traffic import hovering, traffic

STEPS = np.array([1e-3, 1e-3, 1e-4, 1e-4, 1e-4, 1e-4])


@dataclass(frozen=True, slots=True)
class PlainTask:
    """One craft, one box, away from the border of the picture; `swapped`: the keel lies along the short side."""

    camera: Cameras
    box: OrientedBox
    kind: ObjectKind
    swapped: bool

    def residuals(self, parameters: Array) -> Array:
        """In standard errors, shape (8,); parameters as in `Hulls`."""
        box, prior = self.box, PRIORS[self.kind]
        angle = np.radians(box.angle_deg)
        axes = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        boxed = (self._pixels(parameters) - [box.cx_px, box.cy_px]) @ axes.T
        along_px = max(1.0, 0.03 * box.length_px)
        half, edge = (
            np.array([box.length_px, box.width_px]) / 2,
            np.array([along_px, max(along_px, 0.04 * box.width_px)]),
        )
        beyond = np.concatenate([(boxed.max(axis=0) - half) / edge, (-boxed.min(axis=0) - half) / edge])
        loose_px = max(1.5, 0.15 * (box.length_px if self.swapped else box.width_px))
        off_axis = (boxed[-2] - boxed[-1])[0 if self.swapped else 1] / loose_px
        length, beam, height = parameters[3:]
        shares = zip(
            (length, beam - length, height - beam),
            (prior.log_length_m, prior.log_beam_share, prior.log_height_share),
            strict=True,
        )
        return np.array([*beyond, off_axis, *((value - mean) / spread for value, (mean, spread) in shares)])

    def _pixels(self, parameters: Array) -> Array:
        east, north, axis, *logarithms = parameters
        length, beam, height = np.exp(logarithms)
        forward, left = np.array([np.sin(axis), np.cos(axis)]), np.array([-np.cos(axis), np.sin(axis)])
        prior = PRIORS[self.kind]
        cabin = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]]) / 2
        cabin = cabin * [prior.cabin_length_share, prior.cabin_beam_share]
        layers = (
            (OUTLINE, 0.0),
            (OUTLINE * [DECK_LENGTH, DECK_BEAM], prior.freeboard_share),
            (cabin, 1.0),
            (np.array([[0.5, 0.0], [-0.5, 0.0]]), 0.0),
        )
        corners = [
            [*(np.array([east, north]) + x * length * forward + y * beam * left), rise * height]
            for shape, rise in layers
            for x, y in shape
        ]
        return np.asarray(image_from_sea(self.camera, np.array([corners]))[0, :, :2])

    def slopes(self, parameters: Array, step: float = 1.0) -> Array:
        """Of the residuals, shape (8, 6), by steps of `STEPS` times `step` either way."""
        moves = np.diag(STEPS * step)
        pairs = [(self.residuals(parameters + move), self.residuals(parameters - move)) for move in moves]
        return np.stack(
            [(up - down) / (2 * step * size) for (up, down), size in zip(pairs, STEPS, strict=True)], axis=1
        )


def boxes_of(boxes) -> Boxes:
    return Boxes.of(np.array([[b.cx_px, b.cy_px, b.length_px, b.width_px, b.angle_deg] for b in boxes]))


def fleet(seed: int, count: int = 20):
    """Boxes of a frame, their kinds, and the camera."""
    camera = cameras_of(hovering()).nominal()
    boxes = [detection.box for detection in traffic(count, 0, 1, seed)[0]]
    kinds = [ObjectKind.JET_SKI if index % 5 == 4 else ObjectKind.VESSEL for index in range(count)]
    return camera, boxes, kinds


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_residuals_are_those_told_plainly_and_slopes_are_theirs(seed: int) -> None:
    camera, boxes, kinds = fleet(seed % 7)
    rng = np.random.default_rng(seed)
    swapped = rng.random(len(boxes)) < 0.5
    hulls, of_box = fit_hulls(camera, boxes_of(boxes), kinds)
    assert of_box.tolist() == list(range(len(boxes)))
    parameters = hulls.parameters + rng.normal(0, [2.0, 2.0, 0.3, 0.3, 0.3, 0.3], (len(boxes), 6))
    residuals, slopes = Terms.of(camera, boxes_of(boxes), kinds, swapped).at(parameters)
    tasks = [PlainTask(camera, *each) for each in zip(boxes, kinds, swapped, strict=True)]
    plain = [task.residuals(row) for task, row in zip(tasks, parameters, strict=True)]
    np.testing.assert_allclose(residuals, plain, rtol=1e-9, atol=1e-8)
    # Where another corner is about to be the outermost, the slope of a step is between two slopes.
    steps = np.array([task.slopes(row, 0.01) for task, row in zip(tasks, parameters, strict=True)])
    close = np.isclose(slopes, steps, rtol=1e-4, atol=1e-4).all(axis=2)
    assert close.mean() > 0.98


@pytest.mark.parametrize("seed", range(4))
def test_fits_are_the_least_squares_of_each_craft_by_itself(seed: int) -> None:
    """The cost is that of scipy's minimum from the same place, and the place nearly the same."""
    camera, boxes, kinds = fleet(seed)
    hulls, of_box = fit_hulls(camera, boxes_of(boxes), kinds)
    excess, moved_m, sigmas = [], [], []
    for row, index in enumerate(of_box):
        minima = []
        for swapped in (False, True):
            task = PlainTask(camera, boxes[index], kinds[index], swapped)
            found = least_squares(task.residuals, hulls.parameters[row], x_scale=10 * STEPS, max_nfev=100)
            minima.append((2 * found.cost, found.x))
        cost, parameters = min(minima, key=lambda pair: pair[0])
        if boxes[index].length_px > 2.2 * boxes[index].width_px:
            cost, parameters = minima[0]
        excess.append(hulls.cost[row] - cost)
        moved_m.append(float(np.hypot(*(parameters - hulls.parameters[row])[:2])))
        sigmas.append(float(np.sqrt(np.trace(hulls.covariance[row, :2, :2]))))
    assert np.median(excess) < 1e-3
    assert np.percentile(excess, 90) < 0.05
    assert np.median(np.divide(moved_m, sigmas)) < 0.01
    assert np.percentile(np.divide(moved_m, sigmas), 90) < 0.15


def test_a_craft_is_fitted_the_same_alone_and_in_a_fleet() -> None:
    camera, boxes, kinds = fleet(1)
    together, _ = fit_hulls(camera, boxes_of(boxes), kinds)
    for index, (box, kind) in enumerate(zip(boxes, kinds, strict=True)):
        alone, _ = fit_hulls(camera, boxes_of([box]), [kind])
        np.testing.assert_allclose(alone.parameters[0], together.parameters[index], atol=1e-3)
        np.testing.assert_allclose(alone.outlines()[0][0], together.outlines()[0][index], atol=2e-3)


def test_boxes_in_the_sky_are_left_out_of_a_fleet() -> None:
    camera, boxes, kinds = fleet(2)
    sky = OrientedBox(cx_px=900.0, cy_px=-2000.0, length_px=40.0, width_px=12.0, angle_deg=0.0)
    hulls, of_box = fit_hulls(camera, boxes_of([boxes[0], sky, boxes[1]]), [kinds[0], kinds[0], kinds[1]])
    assert of_box.tolist() == [0, 2]
    assert hulls.parameters.shape == (2, 6)
    none, nowhere = fit_hulls(camera, boxes_of([sky]), [kinds[0]])
    assert none.parameters.shape == (0, 6)
    assert nowhere.size == 0
