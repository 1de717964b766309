"""What goes into a bag beside the files of the analysis: pictures, clips, model cards.

They need pixels or models, which the gateway does not know: the application hands in what makes them. Where not,
the bag says by name what is absent and why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wideberth_gateway.evidence.case import Case


@dataclass(frozen=True, slots=True)
class Originals:
    """The files that were analysed, checked by hash before anything is made of them."""

    video: Path
    telemetry: Path | None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One thing to look at. `file` is its name under `data/`; captions are one sentence each."""

    file: str
    english: str
    korean: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A part that a bag should have and this one has not, and why."""

    part: str
    reason: str


@dataclass(frozen=True, slots=True)
class Exhibits:
    """What was made.

    Attributes:
        shown: in the order in which a report shows them.
        cut_pts: of the clip that was cut: what to add to its PTS to get the original's; None where none was.
    """

    shown: tuple[Exhibit, ...] = ()
    absent: tuple[Absent, ...] = ()
    cut_pts: int | None = None


MakeExhibits = Callable[[Case, Originals, Path], Exhibits]
"""Writes exhibits below a folder that will be `data/`, and tells what it wrote."""


def nothing_to_show(case: Case, originals: Originals, folder: Path) -> Exhibits:
    """For a gateway without pixels: everything that needs them is absent, by name."""
    reason = "this gateway runs without the application, which draws them (wideberth evidence, wideberth serve)"
    parts = ("stills", "curves", "cut clip", "annotated clip", "model cards")
    return Exhibits(absent=tuple(Absent(part, reason) for part in parts))
