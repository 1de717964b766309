"""AIS of a gateway: files given for an analysis and sentences heard live, held against its craft; alerts are told.

All AIS that is there counts together, so that a late file completes an early one. One analysis is held against AIS at
a time in this process.
"""

import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import Engine

from wideberth_contracts.errors import BadInput, Conflict
from wideberth_gateway.alerts.geojson import alerts_geojson
from wideberth_gateway.identity.asking import Answered, Asked, answer, asked_of
from wideberth_gateway.identity.files import LARGEST_BYTES, understand_ais
from wideberth_gateway.identity.heard import heard_between
from wideberth_gateway.identity.reports import AisLog
from wideberth_gateway.keeping.shelf import Shelf
from wideberth_gateway.store import ais, encounters
from wideberth_gateway.store import alerts as alert_store
from wideberth_gateway.store.ais import AisFile
from wideberth_gateway.store.alerts import Wanted
from wideberth_gateway.store.analyses import Analysis, State, find_analysis
from wideberth_pipeline.durable import write_text_whole

MOST_ALERTS = 100_000
SLACK_S = 1800.0
"""Sentences heard so long before and after the craft were seen: reports around, and names, sent every six minutes."""


@dataclass(frozen=True, slots=True)
class Held:
    """An analysis held against AIS.

    Attributes:
        logs: what was read, one a file; alerts_changed: how many alerts have a new version by it.
    """

    answered: Answered
    logs: tuple[AisLog, ...]
    alerts_changed: int


@dataclass(frozen=True, slots=True)
class IdentityDesk:
    """Holds analyses against AIS. `heard`: the folder of sentences heard live."""

    shelf: Shelf
    heard: Path
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    @property
    def engine(self) -> Engine:
        """The gateway's database."""
        return self.shelf.engine

    def add(self, analysis: Analysis, file: AisFile, actor: str, starts_at: datetime | None = None) -> Held:
        """The file counts for the analysis from now on, and the analysis is held against all AIS there is.

        Args:
            file: an original that is kept.
            actor: who gave it.
            starts_at: when the clip began, where no file of the analysis says.

        Raises:
            Conflict: the analysis is not done.
            BadInput: the file cannot be read as AIS, or no craft has a place and a time; then nothing is noted.
        """
        with self._folder(analysis.id) as folder:
            asked = _asked(analysis, folder, starts_at)
            self._read(file)
            ais.add_file(self.engine, analysis.id, file, actor)
            return self._hold(analysis, asked)

    def hold(self, analysis: Analysis, starts_at: datetime | None = None) -> Held:
        """The analysis is held against all AIS there is, live sentences that came since among it.

        Raises:
            Conflict: the analysis is not done.
            BadInput: no craft has a place and a time, or there is no AIS of that time.
        """
        with self._folder(analysis.id) as folder:
            return self._hold(analysis, _asked(analysis, folder, starts_at))

    def hold_if_heard(self, analysis_id: str) -> None:
        """An analysis about to be done is held against the sentences heard of its time; nothing without any.

        Raises:
            BadInput: no craft of it has a place and a time.
        """
        analysis = find_analysis(self.engine, analysis_id)
        if analysis is None:
            return
        with self._folder(analysis.id) as folder:
            if self._live(asked := asked_of(folder, None)):
                self._hold(analysis, asked)

    def _folder(self, analysis_id: str) -> AbstractContextManager[Path]:
        return self.shelf.analysis(analysis_id, lambda name: not name.startswith("segments/"))

    def _hold(self, analysis: Analysis, asked: Asked) -> Held:
        with self._one_at_a_time:
            logs = [self._read(file) for file in ais.files_of(self.engine, analysis.id)]
            logs += self._live(asked)
            if not logs:
                remedy = "send a file: POST /v1/analyses/{id}/ais, or set WIDEBERTH_GATEWAY_AIS_SOURCES"
                raise BadInput("there is no AIS of that time", where=analysis.id, remedy=remedy)
            answered = answer(asked, logs)
            encounters.forget(self.engine, analysis.id)
            told = alert_store.tell_vessels(self.engine, analysis.id, answered.by_track, datetime.now(UTC))
            if told:
                self._write_alerts(asked.folder, analysis.id)
            self.shelf.keep_analysis(analysis.id)
        return Held(answered, tuple(logs), len(told))

    def _read(self, file: AisFile) -> AisLog:
        with self.shelf.original(file.sha256) as path:
            try:
                too_large = path.stat().st_size > LARGEST_BYTES
            except OSError as error:
                raise BadInput("the file is gone", where=file.name, remedy="send it again") from error
            if too_large:  # the message names the file as its sender does
                remedy = "cut the hour of the flight out of it"
                raise BadInput(f"larger than {LARGEST_BYTES >> 20} MiB", where=file.name, remedy=remedy)
            content = path.read_bytes()
        return understand_ais(file.name, content, utc_offset_h=file.utc_offset_h, start_epoch_s=file.start_epoch_s)

    def _live(self, asked: Asked) -> list[AisLog]:
        span = asked.span_epoch_s
        if span is None:
            return []
        logs = []
        for name, lines in heard_between(self.heard, span[0] - SLACK_S, span[1] + SLACK_S):
            try:
                logs.append(understand_ais(name, lines))
            except BadInput:  # that hour held names and no place: nothing to hold against
                continue
        return logs

    def _write_alerts(self, folder: Path, analysis_id: str) -> None:
        wanted = Wanted(limit=MOST_ALERTS, analysis_id=analysis_id)
        standing = [kept.alert for kept in alert_store.latest(self.engine, wanted)]
        write_text_whole(folder / "alerts.geojson", alerts_geojson(standing, analysis_id))


def _asked(analysis: Analysis, folder: Path, starts_at: datetime | None) -> Asked:
    if analysis.state is not State.DONE:
        remedy = "wait until it is done"
        raise Conflict(f"the analysis is {analysis.state.value}", where=analysis.id, remedy=remedy)
    return asked_of(folder, starts_at)
