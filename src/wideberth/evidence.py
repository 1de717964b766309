"""A bag of evidence from a folder of this machine: the originals found, the trail kept, the stamp asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wideberth.render.exhibits import make_exhibits
from wideberth_contracts.errors import NotFound, Unavailable
from wideberth_gateway.evidence.case import Case, find_case
from wideberth_gateway.evidence.chain import Details
from wideberth_gateway.evidence.exhibits import Originals
from wideberth_gateway.evidence.making import WHOLE_BELOW_BYTES, Making, bag_name, make_bag
from wideberth_gateway.evidence.sealing import Sealed, sealed_at
from wideberth_gateway.evidence.stamping import Authority, ask, query
from wideberth_gateway.evidence.trail_file import append_to, line_of, read_trail
from wideberth_gateway.rules.catalogue import packs_with
from wideberth_media import sha256_of
from wideberth_pipeline.durable import write_bytes_whole

ACTOR = "wideberth evidence"
MANIFEST = "manifest-sha256.txt"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for.

    Attributes:
        folder: where to look for the alert.
        out: where the bag goes; None: `evidence/` in the folder of the analysis.
        video, telemetry: the originals, where they are not beside the analysis.
        cut_only: the original stays out of the bag whatever its size.
        authority: that stamps; None: the bag is not stamped.
        keep: a bag that is there already is taken as it is.
    """

    alert: str
    folder: Path
    out: Path | None = None
    video: Path | None = None
    telemetry: Path | None = None
    cut_only: bool = False
    authority: Authority | None = None
    keep: bool = False
    areas: Path | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A bag, and why it has no time stamp where one was wanted."""

    sealed: Sealed
    no_stamp: str | None


def evidence(asked: Asked) -> Made:
    """Make the bag of an alert.

    Raises:
        NotFound: the alert, or an original, is not there.
        Conflict: the alert is ambiguous, or the bag exists.
        BadInput: an original is not the file that was analysed.
    """
    case = find_case(asked.folder, asked.alert, packs_with(asked.areas))
    target = (asked.out or case.folder / "evidence") / bag_name(case)
    if asked.keep and target.exists():
        return Made(sealed_at(target), None)
    originals = Originals(_video(case, asked), _telemetry(case, asked))
    append_to(case.folder, actor=ACTOR, action="bag.asked", subject=case.id, details={"version": case.alert.version})
    problems: list[str] = []

    def stamp(content: bytes) -> bytes | None:
        try:
            return ask(asked.authority, content) if asked.authority else None
        except Unavailable as error:
            problems.append(str(error))
            return None

    def trail(_: Path) -> Iterator[str]:
        return (line_of(link) for link in read_trail(case.folder))

    limit = 0 if asked.cut_only else WHOLE_BELOW_BYTES
    sealed = make_bag(case, originals, target, Making(make_exhibits, trail, stamp, limit))
    told: Details = {"bag": target.name, "seal": sealed.seal, "stamped": sealed.stamped}
    append_to(case.folder, actor=ACTOR, action="bag.sealed", subject=case.id, details=told)
    if problems:
        write_bytes_whole(_beside(target, ".tsq"), query((target / MANIFEST).read_bytes()))
    return Made(sealed, problems[0] if problems else None)


def stamp_waiting(folder: Path, authority: Authority) -> list[Path]:
    """Bags in a folder whose stamp is still wanted (`.tsq` beside them) get it as `.tsr`; those that got one.

    Raises:
        Unavailable: the authority is away.
    """
    stamped = []
    for wanted in sorted(folder.glob("*.tsq")):
        bag = wanted.with_suffix("")
        answer = ask(authority, (bag / MANIFEST).read_bytes())
        write_bytes_whole(_beside(bag, ".tsr"), answer)
        wanted.unlink()
        stamped.append(bag)
    return stamped


def _beside(bag: Path, ending: str) -> Path:
    return bag.with_name(bag.name + ending)


def _video(case: Case, asked: Asked) -> Path:
    plan = case.plan
    found = asked.video or original_of(case.folder, plan.video, plan.video_sha256)
    if found is None or not found.is_file():
        detail = f"the original {plan.video} (SHA-256 {plan.video_sha256[:16]}…) is not here"
        raise NotFound(detail, where=str(found or case.folder), remedy="say --video FILE")
    return found


def _telemetry(case: Case, asked: Asked) -> Path | None:
    source = case.plan.telemetry
    if source is None or source.file.startswith(f"{case.plan.video} ("):  # a track of the video itself
        return None
    found = asked.telemetry or original_of(case.folder, source.file, source.sha256)
    if found is None or not found.is_file():
        detail = f"the telemetry {source.file} (SHA-256 {source.sha256[:16]}…) is not here"
        raise NotFound(detail, where=str(found or case.folder), remedy="say --telemetry FILE")
    return found


def original_of(analysis: Path, name: str, sha256: str) -> Path | None:
    """Beside the analysis, in its `clip/` (the demonstration), or among the originals of a gateway's data."""
    folder = analysis.resolve()
    places = (folder.parent / name, folder / name, folder / "clip" / name, folder.parent.parent / "originals" / sha256)
    there = [place for place in places if place.is_file()]
    if len(there) < 2:  # hashing takes a second a gigabyte and is done again before anything is made of it
        return there[0] if there else None
    return next((place for place in there if sha256_of(place) == sha256), there[0])
