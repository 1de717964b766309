"""The worked example of docs/measurement.md: by hand, as written, and by the program."""

import math
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wideberth.cli import build

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "measurement.md").read_text(encoding="utf-8")
A, B = (1500, 1300), (2300, 1500)


def on_the_sea(pixel: tuple[int, int], height_m: float, pitch_deg: float, focal_px: float) -> tuple[float, float]:
    """Right and forward by the formulas of section 1, flat sea, no roll."""
    u, v, pitch = (pixel[0] - 1920) / focal_px, (pixel[1] - 1080) / focal_px, math.radians(pitch_deg)
    t = height_m / (-math.sin(pitch) + v * math.cos(pitch))
    return t * u, t * (math.cos(pitch) + v * math.sin(pitch))


def apart(height_m: float = 60.0, pitch_deg: float = -30.0, focal_px: float = 2665.0) -> float:
    return math.dist(*(on_the_sea(pixel, height_m, pitch_deg, focal_px) for pixel in (A, B)))


def test_the_numbers_written_follow_from_the_formulas() -> None:
    for name, pixel in (("A", A), ("B", B)):
        right, forward = on_the_sea(pixel, 60.0, -30.0, 2665.0)
        column = 1 if name == "A" else 2
        rows = {row.split("|")[1].strip().split(" ")[0]: row.split("|") for row in TEXT.splitlines() if "|" in row}
        assert float(rows["forward"][column + 1].strip(" m")) == pytest.approx(forward, abs=0.006)
        assert float(rows["right"][column + 1].strip(" m")) == pytest.approx(right, abs=0.006)
    assert f"**{apart():.2f} m**" in TEXT
    for written, value in (
        (r"-29\.3° gives ([\d.]+) m", apart(pitch_deg=-29.3)),
        (r"-30\.7° gives ([\d.]+) m", apart(pitch_deg=-30.7)),
        (r"2,798 gives ([\d.]+) m", apart(focal_px=2798)),
        (r"2,532 gives ([\d.]+) m", apart(focal_px=2532)),
    ):
        found = re.search(written, TEXT)
        assert found is not None
        assert float(found[1]) == pytest.approx(value, abs=0.006)


def test_the_program_says_what_is_written() -> None:
    call = re.search(r"wideberth (separation .*?--explain)", TEXT, re.DOTALL)
    assert call is not None
    words = call[1].replace("\\", " ").split()
    said = CliRunner().invoke(build(words), words).stdout
    written = re.search(r"32\.4 m \(95 %: [\d.]+ to [\d.]+ m\)\n", TEXT)
    assert written is not None
    assert written[0].strip() in said
    effects = dict(re.findall(r"one standard error of ([a-z ]+): ([-+.\d]+) m", said))
    for source, row in (("height", "height"), ("pitch", "pitch"), ("focal length", "focal length"), ("roll", "roll")):
        line = next(line for line in TEXT.splitlines() if line.startswith(f"| {row} |") and line.endswith(" m |"))
        last = re.findall(r"([\d.]+) m \|$", line)[0]
        assert abs(float(effects[source])) == pytest.approx(float(last), abs=0.011)
