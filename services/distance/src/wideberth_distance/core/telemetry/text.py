"""Bytes to text, and text to subtitle cues.

DJI writes ASCII, UTF-8 with and without a byte order mark, and (through some tools) UTF-16; LF and CRLF.
"""

import codecs
import re
from dataclasses import dataclass

from wideberth_contracts.errors import UnreadableTelemetry

_TIMING = re.compile(r"(\d+):(\d{2}):(\d{2})[,.](\d{1,3})\s*-->\s*(\d+):(\d{2}):(\d{2})[,.](\d{1,3})")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
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
    """The text of a file, with LF line ends and without a byte order mark.

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
            remedy="give the .SRT or .csv file itself, not a video or an archive",
        ) from error
    if text.count("\x00") > 0:
        line = text[: text.index("\x00")].count("\n") + 1
        raise UnreadableTelemetry(
            "binary data, not text", where=f"{name}, line {line}", remedy="give the .SRT or .csv file itself"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


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


def cues_of(text: str) -> list[Cue]:
    """Every subtitle of an SRT text, in file order; an empty list where no timing line is found."""
    lines = text.split("\n")
    timings = [(number, match) for number, line in enumerate(lines) if (match := _TIMING.search(line))]
    cues: list[Cue] = []
    for place, (number, match) in enumerate(timings):
        following = timings[place + 1][0] if place + 1 < len(timings) else len(lines)
        body = lines[number + 1 : following]
        if place + 1 < len(timings):
            # The line before the next timing is that cue's number.
            while body and not body[-1].strip():
                body.pop()
            if body and body[-1].strip().isdigit():
                body.pop()
        raw = "\n".join(line.strip() for line in body).strip()
        size = re.search(r'font size="?(\d+)', raw)
        cues.append(
            Cue(
                line=number + 1,
                start_s=_seconds(match.groups()[:4]),
                end_s=_seconds(match.groups()[4:]),
                body=_MARKUP.sub("", raw).strip(),
                font_size=size.group(1) if size else None,
            )
        )
    return cues


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000
