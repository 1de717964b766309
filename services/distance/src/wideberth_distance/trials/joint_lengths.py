"""The published model of altimeter and pixels: lengths with their uncertainty from pictures of known boards.

Bierlich and others 2021 (doi 10.3354/meps13814), as in Xcertainty 1.0 (MIT), drawn here by a Gibbs sampler of our own:
a reading is normal about bias + scaling x true height, a length in pixels normal about its expectation at that height.
Priors are those that its vignette calls non-informative: height uniform over 0.1 to 130 m, bias normal(0, 100 m),
scaling normal(1, 10), or 1 as in the paper, both variances inverse gamma(0.01, 0.01), an unknown length uniform over
0.01 to 20 m. All pictures are alike: nothing is shared by those of a flight. Intervals are those of highest density.

Shapes: F folds (each leaves some pictures out), A altimeters, N pictures.
"""

from dataclasses import dataclass

import numpy as np

from wideberth_distance.core.projection import Array, Mask

HEIGHT_M, LENGTH_M = (0.1, 130.0), (0.01, 20.0)
BIAS_M, SCALING = (0.0, 100.0), (1.0, 10.0)
GAMMA = 0.01
BURN, KEPT, THIN = 1500, 4000, 2


@dataclass(frozen=True, slots=True)
class Known:
    """What is told of the pictures.

    Attributes:
        per_m: shape (N,), pixels that a length of 1 m has from a height of 1 m.
        length_m, length_px: shape (N,).
        readings_m: shape (A, N), NaN where an altimeter tells nothing.
    """

    per_m: Array
    length_m: Array
    length_px: Array
    readings_m: Array


@dataclass(frozen=True, slots=True)
class Posterior:
    """Draws, shape (draws, F, A) of an altimeter's numbers and (draws, F) of the pixels' variance."""

    bias_m: Array
    scaling: Array
    variance_m2: Array
    pixel_variance: Array


def fitted(known: Known, used: Mask, *, scaled: bool = True, seed: int = 0) -> Posterior:
    """Draws from the posterior of each fold.

    Args:
        known: the pictures.
        used: shape (F, N), which of them a fold may know.
        scaled: False holds the scaling at 1.
        seed: of the draws.
    """
    rng = np.random.default_rng(seed)
    told = ~np.isnan(known.readings_m)
    chain = _Chain(known, np.where(told, known.readings_m, 0.0), told & used[:, None, :], used, scaled, rng)
    kept: list[tuple[Array, Array, Array, Array]] = []
    for step in range(BURN + KEPT * THIN):
        chain.step()
        if step >= BURN and (step - BURN) % THIN == 0:
            kept.append((chain.line[..., 0], chain.line[..., 1], chain.variance, chain.pixels))
    bias, scaling, variance, pixels = (np.stack([each[k] for each in kept]) for k in range(4))
    return Posterior(bias, scaling, variance, pixels)


def length_interval(
    posterior: Posterior, fold: int, readings_m: Array, length_px: float, per_m: float, seed: int = 0
) -> tuple[float, float]:
    """95 % interval of highest density for the length in a picture that the fold did not know.

    A length that may be anything tells nothing of the height but this: the same pixels stand for more lengths from
    higher up, so draws of the height count in proportion to it.
    """
    rng = np.random.default_rng(seed)
    told = ~np.isnan(readings_m)
    scaling, variance = posterior.scaling[:, fold, told], posterior.variance_m2[:, fold, told]
    precision = (scaling**2 / variance).sum(axis=1)
    above = (scaling * (readings_m[told] - posterior.bias_m[:, fold, told]) / variance).sum(axis=1) / precision
    height = above + rng.standard_normal(above.size) / np.sqrt(precision)
    pixels = length_px + rng.standard_normal(above.size) * np.sqrt(posterior.pixel_variance[:, fold])
    length = pixels * height / per_m
    possible = (height > HEIGHT_M[0]) & (height < HEIGHT_M[1]) & (length > LENGTH_M[0]) & (length < LENGTH_M[1])
    weight = np.where(possible, height, 0.0)
    return densest(rng.choice(length, size=length.size, p=weight / weight.sum()))


def densest(draws: Array, share: float = 0.95) -> tuple[float, float]:
    """The shortest interval that holds a share of the draws."""
    ordered = np.sort(draws)
    inside = int(np.ceil(share * ordered.size))
    first = int(np.argmin(ordered[inside - 1 :] - ordered[: ordered.size - inside + 1]))
    return float(ordered[first]), float(ordered[first + inside - 1])


class _Chain:
    """All folds at once; `step` moves every unknown."""

    def __init__(
        self, known: Known, readings: Array, told: Mask, used: Mask, scaled: bool, rng: np.random.Generator
    ) -> None:
        self._readings, self._told, self._used, self._rng = readings, told, used, rng
        self._scaling_sigma = SCALING[1] if scaled else 1e-6
        self._pixels_m = known.length_m * known.per_m
        self._px = known.length_px
        folds, altimeters, _ = told.shape
        self.height = np.tile(self._pixels_m / self._px, (folds, 1))
        self.line = np.tile([0.0, 1.0], (folds, altimeters, 1))
        self.variance, self.pixels = np.ones((folds, altimeters)), np.ones(folds)

    def step(self) -> None:
        self._move_heights()
        self._draw_lines()
        residual = self._residual(self.height)
        self.variance = self._inverse_gamma(self._told.sum(axis=2), (residual**2 * self._told).sum(axis=2))
        missed = self._px - self._pixels_m / self.height
        self.pixels = self._inverse_gamma(self._used.sum(axis=1), (missed**2 * self._used).sum(axis=1))

    def _residual(self, height: Array) -> Array:
        return np.asarray(self._readings - self.line[..., :1] - self.line[..., 1:] * height[:, None, :])

    def _move_heights(self) -> None:
        """Proposed as if pixels went by height in a straight line, then taken or left by the exact ratio."""
        by_px, slope = self._pixels_m / self._px, self._px**2 / self._pixels_m
        scaling, variance = self.line[..., 1:], self.variance[..., None]
        precise_px = slope**2 / self.pixels[:, None]
        precise = precise_px + (self._told * scaling**2 / variance).sum(axis=1)
        told = (self._told * scaling * (self._readings - self.line[..., :1]) / variance).sum(axis=1)
        middle = (precise_px * by_px + told) / precise
        proposed = middle + self._rng.standard_normal(middle.shape) / np.sqrt(precise)

        def exact_less_proposal(height: Array) -> Array:
            # The altimeters' part is the same in both; what differs is the pixels'.
            bent = (self._px - self._pixels_m / height) ** 2 / self.pixels[:, None]
            return np.asarray(-0.5 * (bent - precise_px * (height - by_px) ** 2))

        inside = (proposed > HEIGHT_M[0]) & (proposed < HEIGHT_M[1])
        safe = np.where(inside, proposed, self.height)
        gain = exact_less_proposal(safe) - exact_less_proposal(self.height)
        taken = inside & (np.log(self._rng.random(gain.shape)) < gain)
        self.height = np.where(taken, safe, self.height)

    def _draw_lines(self) -> None:
        """Bias and scaling of each altimeter: a straight line through its readings."""
        told = self._told.astype(np.float64)
        height = self.height[:, None, :]
        ones, firsts, squares = told.sum(axis=2), (told * height).sum(axis=2), (told * height**2).sum(axis=2)
        precision = np.stack([np.stack([ones, firsts], -1), np.stack([firsts, squares], -1)], -2)
        precision = precision / self.variance[..., None, None] + np.diag([BIAS_M[1] ** -2, self._scaling_sigma**-2])
        right = np.stack([(told * self._readings).sum(axis=2), (told * self._readings * height).sum(axis=2)], -1)
        right = right / self.variance[..., None] + np.array(
            [BIAS_M[0] / BIAS_M[1] ** 2, SCALING[0] / self._scaling_sigma**2]
        )
        spread = np.linalg.inv(precision)
        root = np.linalg.cholesky(spread)
        drawn = self._rng.standard_normal((*self.variance.shape, 2, 1))
        self.line = (spread @ right[..., None] + root @ drawn)[..., 0]

    def _inverse_gamma(self, count: Array, squares: Array) -> Array:
        return np.asarray((GAMMA + squares / 2) / self._rng.gamma(GAMMA + count / 2))
