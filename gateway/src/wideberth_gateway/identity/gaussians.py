"""Evidence of linear models with Gaussian errors, in plain numbers: the gateway knows no array library.

Data r = D u + B b + noise, with u ~ N(0, 1) shared by all pairs of a scene, b of the pair alone. Integrated over b, a
pair is a quadratic in u; pairs add, and the sum is integrated over u once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

Row = Sequence[float]
LOG_2_PI = math.log(2 * math.pi)


@dataclass(frozen=True, slots=True)
class Quadratic:
    """log p = constant + linear · u − u' curvature u / 2; `curvature` is the lower triangle, row by row."""

    constant: float
    linear: tuple[float, ...]
    curvature: tuple[float, ...]

    def plus(self, other: "Quadratic") -> "Quadratic":
        """Both together."""
        return Quadratic(
            self.constant + other.constant,
            tuple(a + b for a, b in zip(self.linear, other.linear, strict=True)),
            tuple(a + b for a, b in zip(self.curvature, other.curvature, strict=True)),
        )

    def integrated(self) -> float:
        """Log of the integral over u ~ N(0, 1)."""
        size = len(self.linear)
        matrix = [
            [self.curvature[i * (i + 1) // 2 + j] + (1.0 if i == j else 0.0) for j in range(i + 1)] for i in range(size)
        ]
        lower = cholesky(matrix)
        solved = forward(lower, self.linear)
        return self.constant - sum(math.log(lower[i][i]) for i in range(size)) + sum(s * s for s in solved) / 2


def flat(size: int, constant: float = 0.0) -> Quadratic:
    """A quadratic that says nothing of u."""
    return Quadratic(constant, (0.0,) * size, (0.0,) * (size * (size + 1) // 2))


def pair_evidence(
    residuals: Row, variances: Row, shared: Sequence[Row], own: Sequence[Row], own_variances: Row
) -> Quadratic:
    """What the data of one pair say of u, own nuisances integrated out.

    Args:
        residuals: (n,) data minus model.
        variances: (n,) of the noise.
        shared: (n, k) what one unit of u does to each.
        own: (n, m) what one unit of b does to each.
        own_variances: (m,) of b.
    """
    size = len(own_variances)
    weights = [1 / v for v in variances]
    matrix = [
        [
            sum(w * row[i] * row[j] for w, row in zip(weights, own, strict=True))
            + (1 / own_variances[i] if i == j else 0.0)
            for j in range(i + 1)
        ]
        for i in range(size)
    ]
    lower = cholesky(matrix)
    columns = [list(column) for column in zip(*shared, strict=True)] if shared and shared[0] else []
    whitened = [_whiten(column, weights, own, lower) for column in [*columns, list(residuals)]]
    data, rest = whitened[-1], whitened[:-1]
    constant = (
        -0.5 * (_dot(data, data) + sum(math.log(v) + LOG_2_PI for v in variances))
        - sum(math.log(lower[i][i]) for i in range(size))
        - 0.5 * sum(math.log(v) for v in own_variances)
    )
    linear = tuple(_dot(each, data) for each in rest)
    curvature = tuple(_dot(rest[i], rest[j]) for i in range(len(rest)) for j in range(i + 1))
    return Quadratic(constant, linear, curvature)


@dataclass(frozen=True, slots=True)
class _Whitened:
    """A vector in the metric of the noise and the own nuisances: plain part minus what these explain."""

    plain: tuple[float, ...]
    explained: tuple[float, ...]


def _whiten(vector: Row, weights: Row, own: Sequence[Row], lower: Sequence[Row]) -> _Whitened:
    scaled = [v * w for v, w in zip(vector, weights, strict=True)]
    projected = [sum(s * row[i] for s, row in zip(scaled, own, strict=True)) for i in range(len(lower))]
    return _Whitened(
        tuple(v * math.sqrt(w) for v, w in zip(vector, weights, strict=True)), tuple(forward(lower, projected))
    )


def _dot(a: _Whitened, b: _Whitened) -> float:
    return sum(map(float.__mul__, a.plain, b.plain)) - sum(map(float.__mul__, a.explained, b.explained))


def cholesky(matrix: Sequence[Row]) -> list[list[float]]:
    """Lower factor of a positive definite matrix given by its lower triangle."""
    lower: list[list[float]] = []
    for i, row in enumerate(matrix):
        made: list[float] = []
        for j in range(i):
            made.append((row[j] - sum(made[k] * lower[j][k] for k in range(j))) / lower[j][j])
        made.append(math.sqrt(max(row[i] - sum(value * value for value in made), 1e-12)))
        lower.append(made)
    return lower


def forward(lower: Sequence[Row], vector: Row) -> list[float]:
    """Solution of `lower` x = `vector`."""
    solved: list[float] = []
    for i, value in enumerate(vector):
        solved.append((value - sum(lower[i][k] * solved[k] for k in range(i))) / lower[i][i])
    return solved


def log_sum(values: Sequence[float]) -> float:
    """log Σ exp; −∞ for none."""
    top = max(values, default=-math.inf)
    return top if top == -math.inf else top + math.log(sum(math.exp(v - top) for v in values))
