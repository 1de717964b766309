"""The report: one HTML file with everything inside, readable offline and printable."""

import base64
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from wideberth.render.annotate import VERDICT_WORDS
from wideberth_contracts.judgement import Alert
from wideberth_contracts.poses import TelemetryGrade
from wideberth_gateway.rules.catalogue import Packs, load_pack
from wideberth_pipeline import Outcome, Plan
from wideberth_pipeline.durable import write_text_whole
from wideberth_pipeline.results import summary

GRADE_WORDS = {
    TelemetryGrade.A: "gimbal and height for every frame: distances carry the interval they deserve",
    TelemetryGrade.B: "part of what is needed; distances only where height and gimbal pitch are known",
    TelemetryGrade.C: "no telemetry: nothing gives the scale, so there are no metres, speeds or verdicts here. "
    "With the drone's .SRT (video captions switched on) or its flight log, every distance would come with its 95 % "
    "interval and the rules could be judged",
}


def write_report(
    plan: Plan, outcome: Outcome, alerts: tuple[Alert, ...], folder: Path, packs: Packs = load_pack
) -> Path:
    """Write `report.html` into `folder`; its pictures must lie there already."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("wideberth.render").joinpath("report.html.jinja").read_text("utf-8"))
    pack = packs(f"{outcome.judgement.pack_id}@{outcome.judgement.pack_version}")
    text = template.render(
        plan=plan,
        outcome=outcome,
        alerts=alerts,
        summary=summary(plan, outcome),
        texts={rule.id: rule for rule in pack.rules},
        grade_words=GRADE_WORDS[plan.grade],
        verdict_words=VERDICT_WORDS,
        pictures={name: _inline(folder / f"{name}.png") for name in ("map", "separation")},
    )
    target = folder / "report.html"
    write_text_whole(target, text)
    return target


def _inline(picture: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
