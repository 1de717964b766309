"""`verify`: the check that nothing in an evidence bag has changed. Loads nothing but the verifier."""

from pathlib import Path
from typing import Annotated

import typer

from wideberth_gateway.evidence import verify_bag


def verify_command(
    bag: Annotated[Path, typer.Argument(help="Folder of the bag.")],
    seal: Annotated[str | None, typer.Option(help="The seal that was told when the bag was made.")] = None,
) -> None:
    """Check an evidence bag: every file, both manifests, the audit trail. The bag's own verify.py does the same."""
    raise typer.Exit(verify_bag.main([str(bag), *(["--seal", seal] if seal else [])]))
