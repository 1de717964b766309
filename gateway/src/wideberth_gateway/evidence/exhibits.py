"""What goes into a bag beside the files of the analysis: pictures, clips, model cards.

They need pixels or models, which the gateway does not know: the application hands in what makes them. Where not,
the bag says by name what is absent and why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wideberth_contracts.phrases import Phrase, phrase
from wideberth_gateway.evidence.case import Case
from wideberth_gateway.wording.language import Language
from wideberth_gateway.wording.saying import say


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
    """A part that a bag should have and this one has not, and why: in English, and in Korean."""

    part: str
    reason: str
    part_ko: str
    reason_ko: str


def absence(part: Phrase, reason: Phrase) -> Absent:
    """A part that is absent, said in both languages."""
    korean = Language.KOREAN
    return Absent(say(part), say(reason), say(part, korean), say(reason, korean))


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
    reason = phrase("absent.no_pixels")
    parts = ("part.stills", "part.curves", "part.cut_clip", "part.annotated_clip", "part.model_cards")
    return Exhibits(absent=tuple(absence(phrase(part), reason) for part in parts))
