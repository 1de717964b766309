"""`export`: a finished analysis in the forms of other programs."""

from pathlib import Path
from typing import Annotated

import typer

from wideberth.edge import attempt
from wideberth.evidence import original_of
from wideberth_contracts.errors import NotFound
from wideberth_gateway.evidence.trail_file import append_to
from wideberth_media import sha256_of
from wideberth_pipeline import load_plan
from wideberth_pipeline.exports.forms import FormName, export, export_name
from wideberth_pipeline.frame_list import FRAMES_FILE

FORM_HELP = "mot, coco, yolo-obb, csv, parquet, geojson, kml, darwin-core, or rerun (with the extra of that name)."


def export_command(
    results: Annotated[Path, typer.Argument(metavar="RESULTS_FOLDER", help="Of a finished analysis.")],
    form: Annotated[FormName, typer.Option("--as", help=FORM_HELP)],
    out: Annotated[Path | None, typer.Option(help="The file; or a folder for it, by default the present one.")] = None,
    rejected: Annotated[bool, typer.Option("--rejected", help="Rejected and tentative tracks too.")] = False,
    video: Annotated[Path | None, typer.Option(help="The clip, where the folder has no list of its frames.")] = None,
) -> None:
    """Write a finished analysis in the form of another program (docs/replay.md); the folder's trail notes it."""
    typer.echo(attempt(lambda: _export(results, form, out, rejected, video)))


def _export(results: Path, form: FormName, out: Path | None, rejected: bool, video: Path | None) -> Path:
    if not (results / "plan.json").is_file():
        raise NotFound("no analysis lies here", where=str(results), remedy="name the folder that `analyse` wrote")
    plan = load_plan(results)
    target = out or Path()
    if target.is_dir():
        target /= export_name(plan.video, form)
    clip = video or original_of(results, plan.video, plan.video_sha256) or results / plan.video
    if not (results / FRAMES_FILE).is_file() and not clip.is_file():
        raise NotFound(f"the clip {plan.video} is not here", where=str(results), remedy="say --video FILE")
    export(results, clip, form, target, rejected=rejected)
    append_to(
        results,
        actor="wideberth export",
        action="export.made",
        subject=plan.analysis_id,
        details={"form": form.value, "rejected": rejected, "sha256": sha256_of(target)},
    )
    return target
