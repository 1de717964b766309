"""Bytes to text, and text to subtitle cues.

DJI writes ASCII, UTF-8 with and without a byte order mark, and (through some tools) UTF-16; LF and CRLF.
"""

import codecs
import re
from dataclasses import dataclass

from wideberth_contracts.errors import UnreadableTelemetry

# Two digits and no more is asked of them: the Matrice 300 writes 00:00:60.
_CLOCK = r"(\d{1,3}):(\d{2}):(\d{2})[,.](\d{1,3})"
_TIMING = re.compile(rf"^\s*{_CLOCK}\s*-->\s*{_CLOCK}(?!\d)")
# What was a timing line before something damaged it: still an arrow, or two clocks.
_DAMAGED = re.compile(r"-->|\d:\d\d:\d\d[,.]\d.*\d:\d\d:\d\d[,.]\d")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# A file that ends in a number without a line end may have been cut off in it: 20.1 would read as 2.
_CUT_NUMBER = re.compile(r"[-+.\d]+\Z")
CUT_MARK = "…"
_NO_TEXT_REMEDY = "give the .SRT or .csv file itself; a DJI flight record (.txt) must be decoded to CSV first"
_MARKUP = re.compile(r"</?[a-zA-Z][^>]*>")


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle.

    Attributes:
        line: of its timing line, counted from 1.
        start_s, end_s: in video time.
        body: its text without markup, lines joined by a newline.
        font_size: of a `<font size="…">` mark; tells dialects apart.
    """

    line: int
    start_s: float
    end_s: float
    body: str
    font_size: str | None = None


def text_of(name: str, content: bytes) -> str:
    """The text of a file, with LF line ends and without a byte order mark; a number it may be cut off in is `CUT_MARK`.

    Raises:
        UnreadableTelemetry: empty, or no text.
    """
    if not content.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise UnreadableTelemetry("the file is empty", where=f"{name}, line 1", remedy="copy it from the card again")
    marked = (encoding for mark, encoding in _MARKS if content.startswith(mark))
    encoding = next(marked, None) or _unmarked_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableTelemetry(
            f"byte {error.start} is not {encoding} text",
            where=f"{name}, line {content[: error.start].count(10) + 1}",
            remedy=_NO_TEXT_REMEDY,
        ) from error
    if text.count("\x00") > 0:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UnreadableTelemetry("binary data, not text", where=f"{name}, line {line}", remedy=_NO_TEXT_REMEDY)
    return _CUT_NUMBER.sub(CUT_MARK, text.replace("\r\n", "\n").replace("\r", "\n"))


def _unmarked_encoding(content: bytes) -> str:
    head = content[:400]
    if len(head) >= 4 and head[1::2].count(0) > len(head) // 3:
        return "utf-16-le"
    if len(head) >= 4 and head[0::2].count(0) > len(head) // 3:
        return "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # Older players write the degree sign as one Latin-1 byte; nothing else in these files is outside ASCII.
        return "latin-1" if b"\x00" not in content else "utf-8"
    return "utf-8"


def cues_of(text: str) -> tuple[list[Cue], list[int]]:
    """Every subtitle of an SRT text in file order, and the lines of timings that cannot be read.

    A damaged timing ends the subtitle before it all the same: its own text must not pass for that one's.
    """
    lines = text.split("\n")
    timings = [
        (number, match) for number, line in enumerate(lines) if (match := _TIMING.search(line)) or _DAMAGED.search(line)
    ]
    ends = [*(number for number, _ in timings), len(lines)][1:]
    cues: list[Cue] = []
    damaged: list[int] = []
    for (number, match), following in zip(timings, ends, strict=True):
        if match is None:
            damaged.append(number + 1)
        else:
            cues.append(_cue(number, match, lines[number + 1 : following], is_last=following == len(lines)))
    return cues, damaged


def _cue(number: int, timing: re.Match[str], body: list[str], *, is_last: bool) -> Cue:
    if not is_last:
        # The line before the next timing is that cue's number.
        while body and not body[-1].strip():
            body.pop()
        if body and body[-1].strip().isdigit():
            body.pop()
    raw = "\n".join(line.strip() for line in body).strip()
    size = re.search(r'font size="?(\d+)', raw)
    return Cue(
        line=number + 1,
        start_s=_seconds(timing.groups()[:4]),
        end_s=_seconds(timing.groups()[4:]),
        body=_MARKUP.sub("", raw).strip(),
        font_size=size.group(1) if size else None,
    )


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000
