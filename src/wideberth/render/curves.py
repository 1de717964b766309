"""Curves of a case: distance and speed through time, each with its 95 % band, and the limit that was applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from pylopdf_fonts_ko import sans_path

from wideberth_gateway.evidence.case import Case
from wideberth_gateway.evidence.exhibits import Exhibit

KNOTS_PER_MPS = 3600 / 1852
GAP_S = 2.0  # samples farther apart than this are not joined: nothing was measured between
COLOUR, SPAN_COLOUR, LIMIT_COLOUR = "#1565c0", "#c62828", "#000000"


@dataclass(frozen=True, slots=True)
class Curve:
    """One quantity through time with the ends of its 95 % interval, in the unit of its axis."""

    times_s: Sequence[float]
    values: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def draw_curves(case: Case, folder: Path) -> list[Exhibit]:
    """Write `curves/distance.png` and, where a speed was measured, `curves/speed.png`; what they are."""
    (folder / "curves").mkdir(parents=True, exist_ok=True)
    samples = case.series.samples
    if not samples:
        return []
    distance = Curve(
        [one.t_s for one in samples],
        [one.separation.value_m for one in samples],
        [one.separation.interval_95_m.low for one in samples],
        [one.separation.interval_95_m.high for one in samples],
    )
    limits = _limits(case, "m") or [50.0, 300.0]
    label = "hull to nearest animal, m\n선체–최근접 개체 거리, m"
    _draw(case, distance, limits, label, folder / "curves/distance.png")
    made = [
        Exhibit(
            "curves/distance.png",
            "Distance from the hull to the nearest animal with its 95 % interval; red: the span that decided.",
            "선체에서 가장 가까운 개체까지의 거리와 95 % 구간. 붉은 부분이 판정에 쓰인 구간.",
        )
    ]
    speeds = [(one.t_s, one.speed) for one in samples if one.speed is not None]
    if speeds:
        speed = Curve(
            [t_s for t_s, _ in speeds],
            [one.value_mps * KNOTS_PER_MPS for _, one in speeds],
            [one.interval_95_mps.low * KNOTS_PER_MPS for _, one in speeds],
            [one.interval_95_mps.high * KNOTS_PER_MPS for _, one in speeds],
        )
        label = "speed over ground, kn\n대지 속력, kn"
        _draw(case, speed, _limits(case, "kn") or [5.0, 10.0], label, folder / "curves/speed.png")
        english = "Speed of the vessel over ground with its 95 % interval."
        made.append(Exhibit("curves/speed.png", english, "선박의 대지 속력과 95 % 구간."))
    return made


def _limits(case: Case, unit: str) -> list[float]:
    """The threshold that was applied, where it is of that unit."""
    return [case.alert.threshold] if case.alert.threshold is not None and case.alert.unit == unit else []


def _draw(case: Case, curve: Curve, limits: Sequence[float], label: str, target: Path) -> None:
    font = FontProperties(fname=str(sans_path()), size=10)
    with mpl.rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(9, 3.6), dpi=150, layout="constrained")
        axes: Axes = figure.add_subplot()
    axes.axvspan(case.alert.start_s, case.alert.end_s, color=SPAN_COLOUR, alpha=0.10, lw=0)
    for times, values, low, high in _runs(curve):
        axes.fill_between(times, low, high, color=COLOUR, alpha=0.22, lw=0)
        axes.plot(times, values, color=COLOUR, lw=1.6)
    for limit in limits:
        axes.axhline(limit, color=LIMIT_COLOUR, lw=1.0, ls="--")
        place = (1.0, limit)
        axes.annotate(f"{limit:g}", place, xycoords=("axes fraction", "data"), va="bottom", ha="right")
    axes.axvline(case.alert.closest_t_s, color=COLOUR, lw=0.8, ls=":")
    top = max([*curve.high, *limits]) * 1.05
    shown = min(top, 4 * max(limits, default=top)) if min(curve.values) < 4 * max(limits, default=top) else top
    axes.set_ylim(0, shown)
    axes.set_xlim(curve.times_s[0], curve.times_s[-1] if len(curve.times_s) > 1 else curve.times_s[0] + 1.0)
    axes.set_xlabel("time in the clip, s / 영상 시각, 초", fontproperties=font)
    axes.set_ylabel(label, fontproperties=font)
    axes.grid(visible=True, alpha=0.25)
    figure.savefig(target)


def _runs(curve: Curve) -> list[tuple[list[float], list[float], list[float], list[float]]]:
    """The curve in pieces without gaps."""
    rows = list(zip(curve.times_s, curve.values, curve.low, curve.high, strict=True))
    pieces: list[list[tuple[float, float, float, float]]] = []
    for row in rows:
        if pieces and row[0] - pieces[-1][-1][0] <= GAP_S:
            pieces[-1].append(row)
        else:
            pieces.append([row])
    return [tuple(map(list, zip(*piece, strict=True))) for piece in pieces]  # type: ignore[misc]
