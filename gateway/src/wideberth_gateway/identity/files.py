"""AIS files: told by their content, read whole."""

from pathlib import Path

from wideberth_contracts.errors import BadInput
from wideberth_gateway.identity.exports import read_export
from wideberth_gateway.identity.reports import AisLog, Ledger, ShipParticulars, ShipReport
from wideberth_gateway.identity.sentences import NO_TIME, read_sentences

LARGEST_BYTES = 512 << 20
"""A day of a busy receiver has 100 MB; a whole day of all Danish waters is cut first."""


def read_ais(path: Path, *, utc_offset_h: float | None = None, start_epoch_s: float | None = None) -> AisLog:
    """The reports of a file of AIVDM sentences or of a CSV export.

    Args:
        path: of the file.
        utc_offset_h: of times without a zone.
        start_epoch_s: when a recording of bare sentences began.

    Raises:
        BadInput: no such form, no report in it, or no way to tell its times; with the file, the line and the remedy.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise BadInput(
                f"larger than {LARGEST_BYTES >> 20} MiB", where=str(path), remedy="cut the hour of the flight out of it"
            )
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"cannot be read: {error.strerror}", where=str(path), remedy="name a file that is there"
        ) from error
    return understand_ais(path.name, content, utc_offset_h=utc_offset_h, start_epoch_s=start_epoch_s)


def understand_ais(
    name: str, content: bytes, *, utc_offset_h: float | None = None, start_epoch_s: float | None = None
) -> AisLog:
    """`read_ais` for bytes. Same arguments, same errors."""
    ledger = Ledger()
    found: tuple[ShipReport | ShipParticulars, ...]
    if b"!AI" in content or b"!BS" in content or b"VDM," in content or b"VDO," in content:
        form = "sentences"
        found = read_sentences(content.splitlines(), name, ledger, utc_offset_h, start_epoch_s)
    else:
        form = "export"
        text = _text(name, content)
        if not text.strip():
            raise BadInput("the file is empty", where=name, remedy="give AIVDM sentences or a CSV export")
        found = read_export(text, name, ledger, utc_offset_h)
    reports = tuple(each for each in found if isinstance(each, ShipReport))
    if not reports:
        raise _nothing(name, ledger)
    particulars = tuple(each for each in found if isinstance(each, ShipParticulars))
    told = tuple(ledger.told)
    return AisLog(name, form, reports, particulars, ledger.lines, dict(ledger.bad), told, dict(ledger.other))


def _nothing(name: str, ledger: Ledger) -> BadInput:
    where = f"{name}, line {ledger.told[0].line}" if ledger.told else name
    if ledger.bad[NO_TIME]:
        return BadInput(
            "the sentences have no time of receipt", where=where,
            remedy="tell when the recording began with --ais-start, or record with tag blocks or times",
        )  # fmt: skip
    if ledger.bad["a time without a zone"]:
        return BadInput(
            "the times have no zone", where=where, remedy="tell the clock of the file with --utc-offset-h (0 for UTC)"
        )
    first = f": line {ledger.told[0].line}, {ledger.told[0].reason}" if ledger.told else ""
    return BadInput(
        f"no position report in {ledger.lines} lines{first}", where=where,
        remedy="give AIVDM sentences or a CSV export",
    )  # fmt: skip


def _text(name: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("text in no known encoding", where=name, remedy="save it as UTF-8")
