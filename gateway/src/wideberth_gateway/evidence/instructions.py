"""What a bag tells its reader to do: check it by hand, repeat the analysis. English, then Korean."""

from importlib.resources import files

from wideberth_gateway.evidence.case import Case

CUT = """
The original is not in this bag, for its size: only a cut is. Ask its keeper for the file with SHA-256
`{sha256}`. A frame of `clips/encounter.mp4` has the PTS of the original minus {pts}.
"""


def how_to_check() -> str:
    """The text of HOW-TO-CHECK.md."""
    return _text("how_to_check.md")


def how_to_repeat(case: Case, *, video: str | None, telemetry: str | None, cut_pts: int | None) -> str:
    """The text of HOW-TO-REPEAT.md.

    Args:
        case: of the bag.
        video, telemetry: names under `data/`; None where they are not in the bag.
        cut_pts: what to add to the PTS of the cut clip; None where nothing was cut.
    """
    plan = case.plan
    given = f" --telemetry data/{telemetry}" if telemetry else ""
    source = f"data/{video}" if video else "ORIGINAL"
    areas = " --areas data/rules/areas" if case.pack.outlines else ""
    commands = (
        f"wideberth --version   # {case.summary['wideberth_version']}\n"
        f"wideberth analyse {source}{given}{areas} --settings data/settings.json --out repeated\n"
        f"wideberth judge data/tables/tracks.parquet{areas} --json -"
        "   # the judgement alone, from the tracks as they were"
    )
    cut = "" if video else CUT.format(sha256=plan.video_sha256, pts=cut_pts if cut_pts is not None else 0)
    return _text("how_to_repeat.md").format(
        version=case.summary["wideberth_version"],
        models=", ".join(case.alert.model_ids),
        pack=case.pack.id,
        pack_version=case.pack.version,
        commands=commands,
        analysis=plan.analysis_id,
        cut=cut,
    )


def _text(name: str) -> str:
    return files("wideberth_gateway.evidence").joinpath(name).read_text(encoding="utf-8")
