"""Bags of a gateway: made once an alert version, kept read-only, stamped when the authority can be reached."""

import threading
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import Conflict, InternalFault, NotFound
from wideberth_contracts.judgement import Alert
from wideberth_gateway.alerts.geojson import feature
from wideberth_gateway.evidence.case import Case, read_case
from wideberth_gateway.evidence.days import proof_of
from wideberth_gateway.evidence.exhibits import MakeExhibits, Originals
from wideberth_gateway.evidence.making import Making, bag_name, make_bag
from wideberth_gateway.evidence.sealing import Sealed, sealed_at
from wideberth_gateway.evidence.trail_file import line_of
from wideberth_gateway.evidence.verify_bag import STAMP, files_of
from wideberth_gateway.files import sync_folder
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.rules.catalogue import Packs, load_pack
from wideberth_gateway.store import alerts as alert_store
from wideberth_gateway.store import analyses as analysis_store
from wideberth_gateway.store import audit, stamps
from wideberth_gateway.store.analyses import State
from wideberth_gateway.store.stamps import StampKind, StampRow

ACTOR = "gateway"


@dataclass(frozen=True, slots=True)
class EvidenceDesk:
    """Makes and finds bags. One is made at a time: it is a minute of disk and of drawing."""

    engine: Engine
    shelf: Shelf
    exhibits: MakeExhibits
    packs: Packs = load_pack
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def case(self, alert_id: str) -> Iterator[Case]:
        """The case of the latest version of an alert, its files here for as long as the block lasts.

        Raises:
            NotFound: no such alert.
            Conflict: its analysis is not done.
        """
        alert = self._alert(alert_id)
        with self.shelf.analysis(alert.analysis_id) as folder:
            yield read_case(folder, feature(alert), self.packs)

    def make(self, alert_id: str) -> tuple[Sealed, bool]:
        """The bag of the latest version of an alert, and whether it was made now.

        Raises:
            NotFound: no such alert.
            Conflict: its analysis is not done.
        """
        alert = self._alert(alert_id)
        with self._one_at_a_time, self.shelf.analysis(alert.analysis_id) as folder:
            case = read_case(folder, feature(alert), self.packs)
            target = self.shelf.folders.evidence / bag_name(case)
            with self.shelf.bag(target.name):
                if target.exists():
                    return sealed_at(target), False
                sealed = self._make(case, target)
                self.shelf.keep_bag(target.name)
                return sealed, True

    def find(self, name: str) -> Sealed:
        """A bag by its name.

        Raises:
            NotFound: there is none.
        """
        if name not in self.names():
            raise NotFound("no bag of that name", where=name, remedy="make it: POST /v1/alerts/{id}/evidence")
        with self.shelf.bag(name) as path:
            return sealed_at(path)

    def names(self) -> tuple[str, ...]:
        """Names of all bags, sorted."""
        return self.shelf.bags()

    def stamp(self, name: str) -> bytes | None:
        """The time stamp of a bag, wherever it lies; None while it is queued."""
        inside = self.shelf.folders.evidence / name / STAMP
        if inside.is_file():
            return inside.read_bytes()
        row = stamps.find(self.engine, StampKind.BAG, name)
        return row.answer if row else None

    def zipped(self, name: str) -> Path:
        """The bag as one file, made once: stored without compression, unpacks to a folder of its name."""
        bag = self.find(name).path
        target = bag.with_name(f".{name}.zip")
        with self._one_at_a_time, self.shelf.bag(name):
            if not target.exists():
                partial = target.with_suffix(".partial")
                with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as file:
                    for part in files_of(bag)[0]:
                        file.write(bag / part, f"{name}/{part}")
                partial.rename(target)
                sync_folder(target.parent)
        return target

    def fetched(self, name: str, actor: str) -> None:
        """Handing a bag out is in the audit trail."""
        audit.append(self.engine, actor=actor, action="bag.fetched", subject=name)

    def _alert(self, alert_id: str) -> Alert:
        versions = alert_store.versions(self.engine, alert_id)
        if not versions:
            raise NotFound("no alert of that id", where=alert_id)
        alert: Alert = versions[-1]
        analysis = analysis_store.find_analysis(self.engine, alert.analysis_id)
        if analysis is None or analysis.state is not State.DONE:
            state = analysis.state.value if analysis else "unknown"
            raise Conflict(f"its analysis is {state}", where=alert.analysis_id, remedy="wait until it is done")
        return alert

    def _make(self, case: Case, target: Path) -> Sealed:
        plan = case.plan
        with ExitStack() as stack:
            video = stack.enter_context(self.shelf.original(plan.video_sha256))
            log = stack.enter_context(self.shelf.original(plan.telemetry.sha256)) if plan.telemetry else None
            if not video.is_file():
                raise InternalFault("the original is gone", where=plan.video_sha256, remedy="send it again")
            return self._sealed(case, Originals(video, log if log and log.is_file() else None), target)

    def _sealed(self, case: Case, originals: Originals, target: Path) -> Sealed:
        told: dict[str, Any] = {"bag": target.name}
        audit.append(self.engine, actor=ACTOR, action="bag.asked", subject=case.id, details=told)

        def queue(content: bytes) -> None:
            # Only queued: a bag does not wait for an authority. The round that stamps takes it up.
            stamps.queue(self.engine, StampRow(StampKind.BAG, target.name, content))

        sealed = make_bag(case, originals, target, Making(self.exhibits, self._trail_of(case), queue))
        told = {"bag": target.name, "seal": sealed.seal}
        audit.append(self.engine, actor=ACTOR, action="bag.sealed", subject=case.id, details=told)
        return sealed

    def _trail_of(self, case: Case) -> "_Trail":
        telemetry = case.plan.telemetry
        subjects = (case.id, case.plan.analysis_id, case.plan.video_sha256, telemetry.sha256 if telemetry else "")
        return _Trail(self.engine, subjects)


@dataclass(frozen=True, slots=True)
class _Trail:
    """The trail of a case out of the trail of all: entries about others keep their hash and lose their content."""

    engine: Engine
    subjects: tuple[str, ...]

    def __call__(self, folder: Path) -> Iterator[str]:
        """Lines from the first entry about the case to the newest; stamps of days go into `folder`."""
        first = audit.first_about(self.engine, self.subjects)
        for link in audit.trail(self.engine, since=first) if first is not None else ():
            if link.entry["subject"] not in self.subjects:
                yield line_of(link, withheld=True)
                continue
            yield line_of(link, days=[day for day in (self._day(link.sequence, link.day, folder),) if day])

    def _day(self, sequence: int, day: str, folder: Path) -> dict[str, object] | None:
        proof = proof_of(self.engine, sequence, day)
        row = stamps.find(self.engine, StampKind.DAY, day) if proof else None
        if proof is None or row is None or row.answer is None:
            return proof
        name = f"days/{day}.tsr"
        (folder / "days").mkdir(exist_ok=True)
        (folder / name).write_bytes(row.answer)
        return proof | {"stamp": name}
