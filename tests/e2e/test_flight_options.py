"""What a person types of a flight: read with its error, or refused by the option's name; distances of two points."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from wideberth.cli import build
from wideberth.commands.flight_options import clues_of, measured

from .conftest import Analysed

FINE, NOTHING_TO_WORK_ON, WRONG_USAGE = 0, 1, 2


def separation(*arguments: str | Path) -> Result:
    words = ["separation", *map(str, arguments)]
    return CliRunner().invoke(build(words), words)


@pytest.mark.parametrize(
    ("text", "value", "sigma"),
    [
        ("4.2±0.3", 4.2, 0.3),
        ("4.2+-0.3", 4.2, 0.3),
        ("-4.1 ± 0.3", -4.1, 0.3),
        ("3", 3.0, 0.5),
        ("+.5+/-.25", 0.5, 0.25),
    ],
)
def test_a_number_with_its_error(text: str, value: float, sigma: float) -> None:
    found = measured(text, 0.5, "--takeoff-above-sea-m")
    assert found is not None
    assert (found.value, found.sigma) == (value, sigma)


@pytest.mark.parametrize("text", ["", "high", "4.2±", "4,2", "1±2±3", "nan", "4.2±-1"])
def test_what_is_no_number_is_refused_by_the_options_name(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="--tide-m"):
        measured(text, 0.5, "--tide-m")


def test_a_known_length_and_a_coast_point() -> None:
    clues = clues_of(["12.5, 100,200, 300,210, 14.2±0.1, register", "3,1,2,3,4,10"], ["1,100,200,33.2,126.2,chart"])
    first, second = clues.lengths
    assert (first.t_s, first.bow_px, first.stern_px, first.source) == (12.5, (100, 200), (300, 210), "register")
    assert (first.length_m.value, first.length_m.sigma) == (14.2, 0.1)
    assert second.length_m.sigma == pytest.approx(0.2), "a bare length is known to 2 %"
    (point,) = clues.coast
    assert (point.latitude, point.longitude, point.source) == (33.2, 126.2, "chart")


@pytest.mark.parametrize(
    ("lengths", "coast", "named"),
    [
        (["1,2,3"], None, "six values wanted"),
        (["1,2,3,4,5,0"], None, "more than nothing"),
        (["one,2,3,4,5,6"], None, "--known-length"),
        (None, ["1,2,3,126.2,33.2"], "latitude first"),
        (None, ["1,2"], "five values wanted"),
    ],
)
def test_clues_that_cannot_be_meant(lengths: list[str] | None, coast: list[str] | None, named: str) -> None:
    with pytest.raises(typer.BadParameter, match=named):
        clues_of(lengths, coast)


def test_separation_of_two_points_without_telemetry() -> None:
    typed = ("1000,1300", "1400,1300", "--height-m", "60", "--pitch-deg", "-30±0.5", "--focal-px", "2665±27")
    result = separation(*typed, "--takeoff-above-sea-m", "0±0.1", "--threshold-m", "20", "--json")
    assert result.exit_code == FINE, result.output
    (pair,) = json.loads(result.stdout)["separations"]
    found = pair["separation"]
    # Flat sea: both on the row 220 px below the axis; slant depth 60 m / sin(depression) along it.
    across_m = 400 / 2665 * 60 / (0.5 + 220 / 2665 * 0.8660254)
    assert found["value_m"] == pytest.approx(across_m, rel=5e-3)
    assert found["interval_95_m"]["low"] < across_m < found["interval_95_m"]["high"]
    assert [each["threshold_m"] for each in found["p_below"]] == [20]


def test_separation_at_a_moment_of_a_telemetry_file(seen: Analysed) -> None:
    result = separation("400,300", "500,300", "--size", "960x540", "--telemetry", seen.files.telemetry, "--at", "2")
    assert result.exit_code == FINE, result.output
    assert " m (95 %: " in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (("1,2", "3,4"), NOTHING_TO_WORK_ON, "no height"),
        (("1,2", "3"), WRONG_USAGE, "B"),
        (("1,2", "3,4", "--height-m", "60", "--pitch-deg", "-5"), NOTHING_TO_WORK_ON, "below the horizon"),
        (("1,2", "3,4", "--height-m", "60", "--pitch-deg", "steep"), WRONG_USAGE, "--pitch-deg"),
        (("1,2", "3,4", "--telemetry", "nowhere.SRT"), NOTHING_TO_WORK_ON, "nowhere.SRT"),
        (("1,2", "3,4", "--height-m", "60"), NOTHING_TO_WORK_ON, "no_pitch"),
    ],
)
def test_no_distance_and_why(arguments: tuple[str, ...], code: int, named: str) -> None:
    result = separation(*arguments)
    assert result.exit_code == code, result.output
    assert named in result.output
