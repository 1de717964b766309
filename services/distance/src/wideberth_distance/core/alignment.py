"""The offset between a log's rows and a video, from the turning of the picture.

At every offset of a grid the turns that the rows tell are compared with those of the picture: right and left, up and
down, about the axis. Waves and currents carry the picture along by some deg/s that change slowly, so the mean of a
stretch counts little (its prior is `DRIFT_DPS`); a gain common to all channels stands for the focal length. Misfits
count in standard errors of one pair, at most `CLIPPED` each: a boat or a wave that fools one pair costs no more.

The error of the offset is that of a least-squares fit, widened by how residuals of neighbouring pairs hang together,
and not below a row's own uncertainty, its step over sqrt(12).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wideberth_contracts.joining import PictureTurn, TurnMatch, VideoFacts
from wideberth_contracts.wire import Measured
from wideberth_distance.core.projection import Array, Mask
from wideberth_distance.core.turning import CHANNELS, Angles, measured, predicted

COARSE_S, FINE_S = 0.1, 0.02
DRIFT_DPS = 1.0
"""How fast a swell or a current turns the picture at most distances and heights, one standard error."""
CLIPPED = 6.0
LEAST_PAIRS = 20
LEAST_NOISE_DEG = 0.04
"""Rows are written to 0.1 deg: no pair is told better than sqrt(2 / 12) of it."""
GAIN = (0.6, 1.6)
FITS = 0.7
"""Correlation from which turns are taken to fit."""
TURNS_DPS, FITS_NOT = (1.0, 3.0), (0.4, 0.7)
"""Turning that cannot be missed, root mean square over the stretches watched, and the correlation below which it is
taken not to fit; the more a camera turns the less can waves have hidden it."""
STILL_DPS = 0.3
"""A camera that the rows have turn no more than this is taken to stand still."""
CLEARLY = 25.0
"""How much worse (in chi square) any other offset must fit: five standard errors."""
ROW_SD = 12**-0.5
LOOSE_S = 0.4
"""An offset known no better than this is no better than the record flag's."""
_STRETCH_GAP_S = 1.0
_AT_ONCE = 20_000
_APART_S = 1.0
"""Offsets nearer than this are the same minimum."""


@dataclass(frozen=True, slots=True)
class Turning:
    """Both sides of the comparison.

    Attributes:
        from_s, to_s: of the pairs in the video, shape (K,).
        seen: turns of the picture, deg, shape (K, 3).
        stretch: which run of pairs each belongs to, shape (K,).
        noise_deg: of one pair, by channel.
    """

    angles: Angles
    video: VideoFacts
    from_s: Array
    to_s: Array
    seen: Array
    stretch: Array
    noise_deg: Array


@dataclass(frozen=True, slots=True)
class _Fit:
    """At one offset: chi square of whitened misfits, gain, correlation, residuals (K, 3), pairs that rows tell."""

    cost: float
    gain: float
    correlation: float
    residuals: Array
    told: Array
    known: Mask


def turning_of(angles: Angles, video: VideoFacts) -> Turning | None:
    """What can be compared; None where rows or picture tell too little of turning."""
    turns: Sequence[PictureTurn] = video.turns
    if not angles.can_tell or len(turns) < LEAST_PAIRS:
        return None
    from_s, to_s = (np.array([getattr(turn, name) for turn in turns]) for name in ("from_s", "to_s"))
    seen = measured(turns, angles.focal_px)
    breaks = np.concatenate([[False], from_s[1:] - to_s[:-1] > _STRETCH_GAP_S])
    return Turning(angles, video, from_s, to_s, seen, np.cumsum(breaks).astype(np.float64), _noise(seen))


def match(turning: Turning, ranges: Sequence[tuple[float, float]], row_step_s: float) -> TurnMatch:
    """The offset in any of the ranges at which rows and picture turn together, if there is one that stands out.

    Args:
        turning: both sides.
        ranges: of offsets, (lowest, highest); one at the rim of its range is not believed.
        row_step_s: usual time between rows.
    """
    offsets = np.concatenate([np.arange(low, high + COARSE_S / 2, COARSE_S) for low, high in ranges])
    first = min(_fits(turning, offsets), key=lambda fit: fit.cost)
    # Noise as the best fit leaves it; waves make more of it than neighbouring pairs tell.
    turning = _with_noise(turning, first)
    costs = np.array([fit.cost for fit in _fits(turning, offsets)])
    around = offsets[int(np.argmin(costs))] + np.arange(-2 * COARSE_S, 2 * COARSE_S + FINE_S / 2, FINE_S)
    fine = _fits(turning, around)
    at = int(np.argmin([fit.cost for fit in fine]))
    nearest, offset_s = fine[at], float(around[at])
    pairs = int(nearest.known.sum())
    elsewhere = costs[np.abs(offsets - offset_s) > _APART_S]
    stands_out = elsewhere.size == 0 or float(elsewhere.min()) - nearest.cost > CLEARLY
    inside = any(low + COARSE_S < offset_s < high - COARSE_S for low, high in ranges)
    good = pairs >= LEAST_PAIRS and nearest.correlation >= FITS and stands_out and inside
    sigma_s = _sigma_s(turning, offset_s, nearest, row_step_s) if good else None
    return TurnMatch(
        offset_s=None if sigma_s is None else Measured(value=offset_s, sigma=sigma_s),
        correlation=float(np.clip(nearest.correlation, -1, 1)),
        turning_dps=_speed_dps(turning, nearest.told, nearest.known),
        pairs=pairs,
    )


def correlation_at(turning: Turning, offset_s: float) -> float:
    """How well both turn together at one offset."""
    return _fits(turning, np.array([offset_s]))[0].correlation


def does_not_fit(found: TurnMatch) -> bool:
    """Whether rows turn so much that the picture must have, and it did otherwise."""
    least = float(np.interp(found.turning_dps, TURNS_DPS, FITS_NOT))
    return found.turning_dps >= TURNS_DPS[0] and found.pairs >= LEAST_PAIRS and found.correlation < least


def seen_dps(turning: Turning) -> float:
    """How fast the picture turned, what is common to a stretch aside: root mean square, deg/s."""
    return _speed_dps(turning, turning.seen, np.ones(len(turning.seen), dtype=bool))


def _speed_dps(turning: Turning, turns: Array, known: Mask) -> float:
    if not known.any():
        return 0.0
    moved = turns[known] - _means(turns[known], turning.stretch[known])
    return float(np.sqrt(np.mean(((moved / (turning.to_s - turning.from_s)[known, None]) ** 2).sum(axis=1))))


def _means(values: Array, stretch: Array) -> Array:
    means = np.zeros_like(values)
    for each in np.unique(stretch):
        means[stretch == each] = values[stretch == each].mean(axis=0)
    return means


def _noise(seen: Array) -> Array:
    """By second differences, which a steady turn does not enter: 1.4826 MAD / sqrt(6), shape (3,)."""
    bent = seen[:-2] - 2 * seen[1:-1] + seen[2:]
    return np.asarray(np.maximum(1.4826 * np.median(np.abs(bent), axis=0) / np.sqrt(6), LEAST_NOISE_DEG))


def _with_noise(turning: Turning, fit: _Fit) -> Turning:
    left = fit.residuals[fit.known] * turning.noise_deg
    if len(left) < LEAST_PAIRS:
        return turning
    noise = np.maximum(1.4826 * np.median(np.abs(left), axis=0), turning.noise_deg)
    return replace(turning, noise_deg=noise)


def _fits(turning: Turning, offsets_s: Array) -> list[_Fit]:
    count = len(turning.from_s)
    per = max(1, _AT_ONCE // count)
    found: list[_Fit] = []
    for start in range(0, len(offsets_s), per):
        chunk = offsets_s[start : start + per]
        from_s = (turning.from_s[None] - chunk[:, None]).ravel()
        to_s = (turning.to_s[None] - chunk[:, None]).ravel()
        told, known = predicted(turning.angles, from_s, to_s, turning.video)
        shape = (len(chunk), count)
        rows = zip(told.reshape(*shape, CHANNELS), known.reshape(shape), strict=True)
        found += [_fit(turning, *each) for each in rows]
    return found


def _fit(turning: Turning, told: Array, known: Mask) -> _Fit:
    """Gain and misfit at one offset. A pair that no row tells counts as missed by everything it shows."""
    seen, foretold = _whitened(turning, turning.seen, known), _whitened(turning, told, known)
    power, together = float((foretold**2).sum()), float((seen * foretold).sum())
    gain = float(np.clip(together / power, *GAIN)) if power > 0 else 1.0
    residuals = seen - gain * foretold
    unknown = (turning.seen / turning.noise_deg)[~known]
    cost = float(np.minimum(residuals**2, CLIPPED**2).sum() + np.minimum(unknown**2, CLIPPED**2).sum())
    both = float(np.sqrt(power * (seen**2).sum()))
    return _Fit(cost, gain, together / both if both > 0 else 0.0, residuals, told, known)


def _whitened(turning: Turning, turns: Array, known: Mask) -> Array:
    """In standard errors of a pair; the mean of a stretch shrunk by the drift that it may be. Unknown pairs are 0."""
    step_s = float(np.median(turning.to_s - turning.from_s))
    scaled = np.where(known[:, None], turns / turning.noise_deg, 0.0)
    for each in np.unique(turning.stretch):
        rows = (turning.stretch == each) & known
        count = int(rows.sum())
        if count:
            mean = scaled[rows].mean(axis=0)
            kept = 1 / np.sqrt(1 + count * (DRIFT_DPS * step_s / turning.noise_deg) ** 2)
            scaled[rows] -= mean * (1 - kept)
    return scaled


def _sigma_s(turning: Turning, offset_s: float, fit: _Fit, row_step_s: float) -> float | None:
    """Standard error of an offset; None where nothing pins it down to `LOOSE_S`."""
    earlier, later = _fits(turning, np.array([offset_s - COARSE_S, offset_s + COARSE_S]))
    known = fit.known & earlier.known & later.known
    slope = fit.gain * (_whitened(turning, later.told, known) - _whitened(turning, earlier.told, known))[known]
    slope = slope / (2 * COARSE_S)
    left = fit.residuals[known]
    weight = np.minimum(1.0, CLIPPED / np.maximum(np.abs(left), 1e-9))
    information = float((weight * slope**2).sum())
    if information <= 0:
        return None
    spread = float((weight * left**2).sum() / max(weight.sum(), 1.0))
    tie = float(np.clip((left[1:] * left[:-1]).sum() / max((left**2).sum(), 1e-9), 0.0, 0.9))
    plain = np.sqrt(spread * (1 + tie) / (1 - tie) / information)
    sigma_s = float(np.hypot(plain, row_step_s * ROW_SD))
    return sigma_s if sigma_s < LOOSE_S else None
