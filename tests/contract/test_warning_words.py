"""What services and pipeline write into the warnings of an analysis has Korean words in the gateway."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from wideberth_gateway.wording.recognising import recognised, told_in_korean
from wideberth_gateway.wording.saying import say

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "services" / "distance" / "src" / "wideberth_distance" / "core"
PIPELINE = ROOT / "packages" / "pipeline" / "src" / "wideberth_pipeline"
WRITERS = (
    *(CORE / "telemetry").glob("*.py"),
    *(CORE / f"{name}.py" for name in (
        "calibrate", "cameras", "clocks", "horizon_pitch", "joining", "offsets", "poses", "row_doubts", "tide",
    )),
    PIPELINE / "inside.py",
    PIPELINE / "results.py",
)  # fmt: skip
"""Modules whose sentences become warnings; what they raise is no warning."""
PIECES = {
    # Set together with others in the same module, or no part of a warning; the wholes are in the tables and below.
    "{text} {'later' if late_s > 0 else 'earlier'}",
    "telemetry begins {_span(verdict.late_s)} than the video's creation time says, zones aside",
    "; give focal_mm with it",
    "no focal length of camera {camera!r} is in the table{advice}; ",
    "{unknown}no focal length known: 24 mm equivalent taken, ± 12 %, grade B at best; name the camera, give "
    "focal_px, or calibrate it",
    "{unknown}focal length by the telemetry's 35 mm equivalent",
    "{shot.long_px}x{shot.short_px}{rate}{f' {shot.mode}' if shot.mode else ''}",
    "the picture turns as the rows say at {at_s:+.2f} ± {sigma_s:.2f} s",
    "{where} rather than at {of.offset_s:+.2f} s, {fits}",
    "correlation {found.correlation:.2f} over {found.pairs} pairs of frames",
    "{where} and not where they stand, {fits}: a part of the recording was cut off",
    "is a part of a recording",
    "fits none of its recordings",
    "the video of {video.duration_s:.1f} s {what}: {_listed(runs)}",
    "the log names {len(runs)} that may be meant: {listed}",
    "clock and rows part by {jump.by_s:+.1f} s at {jump.before_s:.1f} s",
    " and at {len(set_at) - 1} more places",
    "what lies beyond it from the start of the video has no pose",
    "{where}, across a hole: {beyond}",
    "the clock was set, or pieces were put together: times of day are doubtful",
    " of the unit expected",
    "{record.file} of grade {record.grade.value}",
    "{name} (data stream)",
    "{self.name}, {self.unit} {row.line}",
    "{name}, {unit} {place}",
    "switch on video captions, or give the flight log; export a log again",
    "give the .SRT or .csv file itself; a DJI flight record (.txt) must be decoded to CSV first",
    "{hour:02d}:{match.group(2)}:{match.group(3)}{match.group(4) or ''}",
    "KLV, but no packet of MISB ST 0601",
    "{kind} table {table.name}",
    "{left.record.file}: grade {left.record.grade.value}; {_named(used.record)} is used instead",
}
WHOLE = (
    "clock_disagrees: telemetry begins 3 days later than the video's creation time says, zones aside",
    "clock_disagrees: telemetry begins 7000 s earlier than the video's creation time says, zones aside",
    "no focal length of camera 'X9' is in the table; give focal_mm with it; no focal length known: 24 mm "
    "equivalent taken, ± 12 %, grade B at best; name the camera, give focal_px, or calibrate it",
    "no focal length of camera 'X9' is in the table; focal length by the telemetry's 35 mm equivalent",
    "motion_disagrees: the picture turns as the rows say at +1.20 ± 0.10 s rather than at +0.00 s, correlation "
    "0.93 over 40 pairs of frames",
    "motion_shifted: the picture turns as the rows say at +1.20 ± 0.10 s and not where they stand, correlation "
    "0.93 over 40 pairs of frames: a part of the recording was cut off",
    "recording_ambiguous: the log names 2 that may be meant: no. 1 at 3.0 s of 60.0 s, no. 2 at 93.0 s of 60.0 s",
    "length_differs: the video of 30.0 s is a part of a recording: the log names 1 that may be meant: no. 1 at 3.0 "
    "s of 60.0 s",
    "other_video: the video of 30.0 s fits none of its recordings: the log names no recording",
    "clock_jump: clock and rows part by +3.0 s at 12.0 s, across a hole: what lies beyond it from the start of the "
    "video has no pose",
    "clock_set: clock and rows part by +3.0 s at 12.0 s and at 2 more places; the clock was set, or pieces were "
    "put together: times of day are doubtful",
    "DJI_0119.SRT, line 12: latitude is no number of the unit expected (3 of 80 rows)",
    "flight.MP4 (subtitles): grade B; flight.csv of grade A is used instead",
    "tide +0.40 ± 0.20 m above mean sea level at 2026-06-01 09:30 UTC by observed table Jeju, 14 km away",
    "horizon: the horizon at 4.0 s disagrees with the others by 5.0 sigma",
)


def sentences() -> Iterator[tuple[str, str]]:
    """Texts of three words or more in the writers, with the place; not docstrings, and not what is raised."""
    for path in WRITERS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        left = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise):
                left |= {id(one) for one in ast.walk(node)}
            if isinstance(node, ast.JoinedStr):
                left |= {id(one) for value in node.values for one in ast.walk(value)}
        for node in ast.walk(tree):
            if id(node) not in left and (text := template(node)) and text.count(" ") > 1:
                yield f"{path.name}:{node.lineno}", text


def template(node: ast.AST) -> str:
    """A text, with its values in braces."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(one.value if isinstance(one, ast.Constant) else unparsed(one) for one in node.values)


def unparsed(value: ast.AST) -> str:
    """A value in its braces, whichever way this Python writes it alone."""
    text = ast.unparse(value)
    return text[text.index("{") : text.rindex("}") + 1]


def filled(text: str) -> str:
    """The text with a number in place of each value."""
    parts, depth = [], 0
    for sign in text:
        depth += sign == "{"
        if depth == 0:
            parts.append(sign)
        elif sign == "}":
            depth -= 1
            if depth == 0:
                parts.append("7")
    return "".join(parts)


def test_each_sentence_of_the_writers_is_known() -> None:
    found = list(sentences())
    assert len(found) > 70, "the sentences are found"
    pieces = {filled(piece) for piece in PIECES}
    unknown = [one for one in found if filled(one[1]) not in pieces and not known(filled(one[1]))]
    assert pieces <= {filled(text) for _, text in found}, "no piece is listed that is no longer written"
    assert not unknown, unknown


def known(text: str) -> bool:
    """Alone, or behind a place of which the value made a number."""
    return (
        recognised(text) is not None
        or recognised(text.removeprefix("7: ")) is not None
        or (": " in text and recognised(text.split(": ", 1)[1]) is not None)
    )


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_warning_is_told_in_korean_and_back_in_its_own_english(text: str) -> None:
    said = recognised(text)
    assert said is not None
    assert say(said) == text
    korean = told_in_korean(text)
    assert not any(word in korean for word in ("the ", " of ", " and ", " at ")), korean


def test_what_no_table_has_stays_as_it_is() -> None:
    assert told_in_korean("what a newer version warns of") == "what a newer version warns of"
    assert told_in_korean("DJI: 7: and more") == "DJI: 7: and more"
