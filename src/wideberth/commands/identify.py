"""`identify`: who the vessels of an analysis were, by AIS; `listen`: AIS kept as it is sent."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from wideberth.commands.keeping import opened
from wideberth.edge import fail, run
from wideberth_contracts.errors import BadInput, WideberthError
from wideberth_contracts.identity import IdentityVerdict, VesselIdentity
from wideberth_gateway.alerts.geojson import alerts_geojson
from wideberth_gateway.identity.answer import told_again
from wideberth_gateway.identity.asking import IDENTITY_FILE, answer, asked_of
from wideberth_gateway.identity.files import read_ais
from wideberth_gateway.identity.kept import SentenceStore
from wideberth_gateway.identity.lengths import option_of
from wideberth_gateway.identity.live import Listener, address_of
from wideberth_gateway.identity.reports import AisLog
from wideberth_gateway.store.alerts import Wanted, latest, tell_vessels
from wideberth_pipeline.durable import write_text_whole

MOST_ALERTS = 100_000
Start = Annotated[str | None, typer.Option("--ais-start", help="When a recording without times began, ISO with zone.")]
Clip = Annotated[
    str | None, typer.Option("--starts-at", help="When the clip began, ISO with zone; where no file says.")
]


def identify_command(
    results: Annotated[Path, typer.Argument(metavar="RESULTS_FOLDER", help="Of an analysis.")],
    ais: Annotated[list[Path], typer.Option("--ais", help="AIVDM sentences, a CSV export, or a folder of `listen`.")],
    utc_offset_h: Annotated[float | None, typer.Option(help="Of times without a zone in the AIS files.")] = None,
    ais_start: Start = None,
    starts_at: Clip = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the gateway that keeps the alerts of it.")] = None,
) -> None:
    """Who the vessels were, by AIS: identity.json, lengths for the scale, a new version of alerts it changes."""
    try:
        began = _moment(ais_start, "--ais-start")
        logs = [
            read_ais(path, utc_offset_h=utc_offset_h, start_epoch_s=began.timestamp() if began else None)
            for path in _files(ais)
        ]
        _identify(results, logs, _moment(starts_at, "--starts-at"), data)
    except WideberthError as error:
        fail(str(error))


def _identify(results: Path, logs: list[AisLog], starts_at: datetime | None, data: Path | None) -> None:
    asked = asked_of(results, starts_at)
    answered = answer(asked, logs)
    for log in logs:
        bad = f", {sum(log.bad.values())} bad lines" if log.bad else ""
        typer.echo(f"{log.file}: {len(log.reports)} reports of {log.lines} lines{bad}", err=True)
    for identity in answered.found.identities:
        typer.echo(_line(identity))
    for clue in answered.lengths:
        typer.echo(option_of(clue))
    changed = _tell_alerts(results, asked.analysis_id, answered.by_track, data)
    typer.echo(f"{changed} alerts have a new version; written: {results / IDENTITY_FILE}", err=True)


def _tell_alerts(results: Path, analysis_id: str | None, by_track: dict[str, VesselIdentity], data: Path | None) -> int:
    file = results / "alerts.geojson"
    if data is None:
        if not file.is_file():
            return 0
        text, changed = told_again(file.read_text(encoding="utf-8"), by_track)
        if changed:
            write_text_whole(file, text)
        return changed
    if not data.is_dir() or analysis_id is None:
        raise BadInput("no gateway keeps its alerts here", where=str(data), remedy="name the folder given to `serve`")
    with opened(data) as shelf:
        told = tell_vessels(shelf.engine, analysis_id, by_track, datetime.now(UTC))
        standing = [kept.alert for kept in latest(shelf.engine, Wanted(limit=MOST_ALERTS, analysis_id=analysis_id))]
        if told:
            write_text_whole(file, alerts_geojson(standing, analysis_id))
        if results.resolve() == shelf.folders.analysis(analysis_id).resolve():
            shelf.keep_analysis(analysis_id)
        return len(told)


def _line(identity: VesselIdentity) -> str:
    if identity.verdict is IdentityVerdict.MATCHED:
        who = f"{identity.name or 'no name told'} (MMSI {identity.mmsi:09d})"
        return f"{identity.track}: matched {who}, probability {identity.probability:.4f}, margin {identity.margin:.3f}"
    return f"{identity.track}: {identity.verdict.value}, {identity.reason}"


def _files(given: list[Path]) -> list[Path]:
    files = [file for path in given for file in (sorted(path.glob("*.nmea")) if path.is_dir() else [path])]
    if not files:
        raise BadInput("no AIS file in it", where=str(given[0]), remedy="name the files, or a folder of `listen`")
    return files


def _moment(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no time", where=option, remedy="write 2026-06-14T10:00:00+09:00") from error
    if moment.tzinfo is None:
        raise BadInput(f"{text!r} has no zone", where=option, remedy="write 2026-06-14T10:00:00+09:00")
    return moment


def listen_command(
    address: Annotated[str, typer.Argument(help="tcp://HOST:PORT to connect to, udp://0.0.0.0:PORT to listen on.")],
    into: Annotated[Path, typer.Option(help="Folder for the sentences, a file a day.")] = Path("wideberth-ais"),
    source: Annotated[str, typer.Option(help="Name of the receiver.")] = "receiver",
) -> None:
    """Keep AIS as it is sent, with the time of receipt, until stopped (Ctrl-C)."""
    try:
        listener = Listener(address_of(address), SentenceStore(into, source))
        run(listener.run())
    except WideberthError as error:
        fail(str(error))
    except KeyboardInterrupt:
        counts = listener.counts
        typer.echo(f"{counts.kept} sentences kept, {counts.dropped} dropped", err=True)
