"""Separations survive the table: what evidence is drawn from is what was judged."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wideberth_contracts.errors import BadInput
from wideberth_contracts.positions import Separation
from wideberth_contracts.separations import SeparationSample, SeparationSeries, SpeedEstimate
from wideberth_contracts.wire import Interval
from wideberth_pipeline.separation_table import SEPARATION_SCHEMA, read_separations, separation_rows, separations_csv

METRES = st.floats(0, 5000, allow_subnormal=False)


@st.composite
def samples(draw: st.DrawFn) -> SeparationSample:
    value, half = draw(METRES), draw(METRES)
    speed = None
    if draw(st.booleans()):
        speed = SpeedEstimate(
            value_mps=draw(METRES), interval_95_mps=Interval(low=0, high=draw(METRES)), baseline_s=draw(METRES)
        )
    return SeparationSample(
        t_s=draw(METRES),
        pts=draw(st.integers(0, 2**40)),
        animal_track=draw(st.sampled_from(["d1", "d2"])),
        animal_age_s=draw(METRES),
        craft_observed=draw(st.booleans()),
        separation=Separation(
            value_m=value, sigma_m=half / 2, interval_95_m=Interval(low=max(0, value - half), high=value + half)
        ),
        speed=speed,
    )


def _kept(series: list[SeparationSeries], path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(separation_rows(series), schema=SEPARATION_SCHEMA), path)


@settings(deadline=None)
@given(st.lists(samples(), min_size=1, max_size=5), st.lists(samples(), max_size=5))
def test_there_and_back(tmp_path_factory: pytest.TempPathFactory, one: list[SeparationSample], two: list) -> None:
    path = tmp_path_factory.mktemp("table") / "separations.parquet"
    series = [SeparationSeries(craft_track="v1", animals=(), samples=tuple(one))]
    series += [SeparationSeries(craft_track="v2", animals=(), samples=tuple(two))] if two else []
    _kept(series, path)
    found = read_separations(path)
    assert [(each.craft_track, each.samples) for each in found] == [(each.craft_track, each.samples) for each in series]


@settings(deadline=None)
@given(samples())
def test_csv_tells_the_same_numbers_and_leaves_the_unknown_empty(sample: SeparationSample) -> None:
    series = SeparationSeries(craft_track="v1", animals=("d1",), samples=(sample,))
    row = next(csv.DictReader(separations_csv(separation_rows([series])).splitlines()))
    assert float(row["separation_m"]) == sample.separation.value_m
    assert float(row["high_95_m"]) == sample.separation.interval_95_m.high
    assert (row["speed_mps"] == "") == (sample.speed is None)
    assert row["captured_at"] == ""


def test_a_missing_table_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="analyse the clip again"):
        read_separations(tmp_path / "separations.parquet")
