"""`evidence`: a sealed bag of what an alert rests on."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wideberth.edge import Areas, attempt
from wideberth.evidence import Asked, Made, evidence, stamp_waiting
from wideberth_gateway.evidence.stamping import Authority

OUT = Console()


def evidence_command(
    alert: Annotated[str, typer.Argument(help="Id of the alert (alerts.geojson), or the beginning of it.")],
    folder: Annotated[
        Path, typer.Option("--in", help="Folder of the analysis, of several, or a gateway's data.")
    ] = Path(),
    out: Annotated[Path | None, typer.Option(help="Where the bag goes; default: evidence/ in the analysis.")] = None,
    video: Annotated[Path | None, typer.Option(help="The original, where it is not beside the analysis.")] = None,
    telemetry: Annotated[Path | None, typer.Option(help="The same for its telemetry.")] = None,
    areas: Areas = None,
    cut_only: Annotated[
        bool, typer.Option("--cut-only", help="Only a cut of the original, whatever its size.")
    ] = False,
    tsa: Annotated[str | None, typer.Option(help="URL of an RFC 3161 authority that stamps the bag.")] = None,
    tsa_roots: Annotated[Path | None, typer.Option(help="PEM of its root certificate: stamps are checked.")] = None,
) -> None:
    """Make the evidence bag of an alert: clips, stills, curves, tables, report in Korean and English, all hashed."""
    authority = Authority(tsa, tsa_roots) if tsa else None
    asked = Asked(alert, folder, out, video, telemetry, cut_only, authority, areas=areas)
    made = attempt(lambda: evidence(asked))
    print_bag(made)
    if authority is not None and made.no_stamp is None:
        for bag in attempt(lambda: stamp_waiting(made.sealed.path.parent, authority)):
            OUT.print(f"stamped as well: {bag}", highlight=False, soft_wrap=True)


def print_bag(made: Made) -> None:
    """Where it is, and the seal to note."""
    size_mb = made.sealed.size_bytes / 1e6
    OUT.print(f"Evidence bag: {made.sealed.path}", highlight=False, soft_wrap=True)
    OUT.print(
        f"  {made.sealed.files} files, {size_mb:.1f} MB; seal {made.sealed.seal}", highlight=False, soft_wrap=True
    )
    if made.no_stamp is not None:
        OUT.print(f"  no time stamp yet: {made.no_stamp}", highlight=False, soft_wrap=True)
        OUT.print("  the request waits beside the bag (.tsq); the next run with --tsa sends it", highlight=False)
