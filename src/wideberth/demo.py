"""The demonstration: a simulated encounter, analysed, beside its truth."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from wideberth.analysis import Analysis, analyse
from wideberth.progress import bar
from wideberth.truth import Truth
from wideberth_contracts.errors import BadScene
from wideberth_contracts.settings import AnalysisSettings
from wideberth_gateway.judging import Row, rows
from wideberth_simulator import Scene, SceneError, bundled_scene, load_scene, simulate


@dataclass(frozen=True, slots=True)
class DemoRow:
    """One encounter and rule, with the truth. `truth_m` is the true separation at the closest measured frame."""

    judged: Row
    truth_m: float | None
    truth_closest_m: float | None
    truth_verdict: str | None

    def as_json(self) -> dict[str, object]:
        """The documented form: a row of `wideberth judge --json`, and the truth."""
        truth = {"truth_m": self.truth_m, "truth_closest_m": self.truth_closest_m, "truth_verdict": self.truth_verdict}
        return {**self.judged, **truth}


def scene_named(name: str) -> Scene:
    """A scene file where `name` ends in .yaml, else the bundled scene of that name.

    Raises:
        BadScene: there is none, or it does not validate; the message names file, field and remedy.
    """
    try:
        return load_scene(Path(name)) if Path(name).suffix in (".yaml", ".yml") else bundled_scene(name)
    except SceneError as error:
        raise BadScene(str(error)) from error


async def run_demo(scene: str, folder: Path) -> tuple[list[DemoRow], Analysis]:
    """Simulate `scene` into `folder`, analyse it there, and set the truth beside it."""
    chosen = scene_named(scene)
    clip = folder / "clip"
    clip.mkdir(parents=True, exist_ok=True)
    with bar("simulate") as report:
        files = await asyncio.to_thread(simulate, chosen, clip, report, clean=False)
    done = await analyse(files.video, files.telemetry, AnalysisSettings(), folder)
    return compare(done, Truth.read(files.truth)), done


def compare(done: Analysis, truth: Truth) -> list[DemoRow]:
    """Every finding of an analysis with what truly was."""
    tracks = {track.id: track for track in done.outcome.tracks}
    encounters = {(met.craft_track, met.group): met for met in done.outcome.judgement.encounters}
    made = []
    for row in rows(done.outcome.judgement):
        craft, truth_m = truth.of_encounter(encounters[row["vessel_track"], row["group"]], tracks)
        known = None if craft is None else ("violation" if craft.breaks_rule else "compliant")
        # The scene's truth speaks about the 50 m rule; the other rules are checked by their own benches.
        truth_verdict = known if row["rule"] == "KR-1" else None
        made.append(DemoRow(row, truth_m, craft.closest_m if craft else None, truth_verdict))
    return made
