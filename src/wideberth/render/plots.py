"""Two pictures of an analysis: the map (north up) and separation through time with its 95 % band."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from wideberth.render.overlay import is_animal, worst_verdicts
from wideberth_contracts.judgement import Verdict
from wideberth_contracts.positions import Position
from wideberth_contracts.screening import ScreenVerdict
from wideberth_contracts.separations import SeparationSeries
from wideberth_contracts.tracks import Track, TrackState
from wideberth_pipeline import Outcome

VERDICT_COLOUR = {Verdict.VIOLATION: "#c62828", Verdict.COMPLIANT: "#2e7d32", Verdict.CANNOT_JUDGE: "#616161"}
ANIMAL_COLOUR = "#1565c0"


def _figure(width_in: float, height_in: float) -> tuple[Figure, Axes]:
    with mpl.rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(width_in, height_in), dpi=120, layout="constrained")
        return figure, figure.add_subplot()


def draw_map(outcome: Outcome, target: Path) -> Path:
    """Tracks on the sea, north up, m from the origin; hulls where each craft came closest."""
    figure, axes = _figure(8, 8)
    shown = [track for track in outcome.tracks if track.state in (TrackState.CONFIRMED, TrackState.LOST)]
    verdicts = worst_verdicts(outcome)
    drawn = [_draw_track(axes, track, verdicts) for track in shown]
    if any(drawn):
        axes.set_aspect("equal")
        axes.legend(loc="best", frameon=False, fontsize=8)
    else:
        axes.text(
            0.5, 0.5, "no positions on the sea:\nthe pictures give no scale", ha="center", transform=axes.transAxes
        )
    axes.set_xlabel("east of the origin, m")
    axes.set_ylabel("north of the origin, m")
    axes.set_title("Tracks on the sea")
    axes.grid(visible=True, alpha=0.25)
    figure.savefig(target)
    return target


def _draw_track(axes: Axes, track: Track, verdicts: dict[str, Verdict]) -> bool:
    where = [point.position for point in track.points if isinstance(point.position, Position)]
    if not where:
        return False
    east, north = [p.east_m for p in where], [p.north_m for p in where]
    if is_animal(track):
        words = "animal?" if track.screened is ScreenVerdict.UNKNOWN else "dolphin"
        axes.plot(east, north, ".", ms=3, color=ANIMAL_COLOUR, alpha=0.7, label=f"{track.id} {words}")
        return True
    verdict = verdicts.get(track.id)
    colour = VERDICT_COLOUR[verdict] if verdict else "#ef6c00"
    words = f", {verdict.value.replace('_', ' ')}" if verdict else ""
    axes.plot(east, north, "-", lw=1.5, color=colour, label=f"{track.id} {track.kind.value}{words}")
    axes.plot(east[-1], north[-1], "o", ms=4, color=colour)
    last = next((point for point in reversed(track.points) if point.outline), None)
    if last is not None:
        ring = [*last.outline, last.outline[0]]
        axes.plot([c.east_m for c in ring], [c.north_m for c in ring], "-", lw=1, color=colour)
    return True


def draw_separations(outcome: Outcome, target: Path) -> Path:
    """Separation of every craft to its nearest animal through time, with the legal 50 m and 300 m."""
    figure, axes = _figure(9, 5)
    verdicts = worst_verdicts(outcome)
    for series in outcome.series:
        _draw_series(axes, series, verdicts.get(series.craft_track))
    if outcome.series:
        for threshold in (50.0, 300.0):
            axes.axhline(threshold, color="black", lw=0.8, ls="--")
            axes.annotate(f"{threshold:.0f} m", (0.0, threshold), xycoords=("axes fraction", "data"), va="bottom")
        axes.set_yscale("symlog", linthresh=100)
        axes.set_yticks(
            [0, 25, 50, 75, 100, 200, 300, 500, 1000],
            labels=["0", "25", "50", "75", "100", "200", "300", "500", "1000"],
        )
        axes.set_ylim(0, None)
        axes.legend(loc="best", frameon=False, fontsize=8)
    else:
        words = "no craft was measured against an animal"
        axes.text(0.5, 0.5, words, ha="center", transform=axes.transAxes)
    axes.set_xlabel("time in the clip, s")
    axes.set_ylabel("hull to nearest animal, m")
    axes.set_title("Separation with its 95 % interval (linear to 100 m, logarithmic beyond)")
    axes.grid(visible=True, alpha=0.25)
    figure.savefig(target)
    return target


def _draw_series(axes: Axes, series: SeparationSeries, verdict: Verdict | None) -> None:
    times = [sample.t_s for sample in series.samples]
    colour = VERDICT_COLOUR[verdict] if verdict else "#ef6c00"
    low = [sample.separation.interval_95_m.low for sample in series.samples]
    high = [sample.separation.interval_95_m.high for sample in series.samples]
    axes.fill_between(times, low, high, color=colour, alpha=0.2, lw=0)
    axes.plot(
        times, [sample.separation.value_m for sample in series.samples], color=colour, lw=1.5, label=series.craft_track
    )
