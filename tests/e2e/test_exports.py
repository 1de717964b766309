"""Every export is opened by the program it is for, and says what the analysis says."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import motmetrics
import numpy as np
import pyarrow.parquet as pq
import pyogrio
import pytest
from dwca.read import DwCAReader
from pycocotools.coco import COCO

from wideberth.findings import alerts_for, write_findings
from wideberth_contracts.positions import Covariance2
from wideberth_gateway.evidence.trail_file import read_trail
from wideberth_media import frame_times
from wideberth_pipeline import write_results
from wideberth_pipeline.exports.darwin_core import TERMS
from wideberth_pipeline.exports.forms import FormName
from wideberth_pipeline.exports.places import SCALE_95, ellipse_95
from wideberth_pipeline.track_table import read_tracks

from .conftest import Analysed
from .test_command_line import FINE, NOTHING_TO_WORK_ON, wideberth

DARWIN_CORE_TERMS = frozenset(
    {
        "occurrenceID",
        "catalogNumber",
        "recordNumber",
        "recordedBy",
        "recordedByID",
        "individualCount",
        "organismQuantity",
        "organismQuantityType",
        "sex",
        "lifeStage",
        "reproductiveCondition",
        "behavior",
        "vitality",
        "establishmentMeans",
        "occurrenceStatus",
        "preparations",
        "disposition",
        "associatedMedia",
        "associatedOccurrences",
        "otherCatalogNumbers",
        "occurrenceRemarks",
        "organismID",
        "organismName",
        "organismScope",
        "eventID",
        "parentEventID",
        "eventType",
        "fieldNumber",
        "eventDate",
        "eventTime",
        "startDayOfYear",
        "endDayOfYear",
        "year",
        "month",
        "day",
        "verbatimEventDate",
        "habitat",
        "samplingProtocol",
        "sampleSizeValue",
        "sampleSizeUnit",
        "samplingEffort",
        "fieldNotes",
        "eventRemarks",
        "locationID",
        "higherGeography",
        "waterBody",
        "country",
        "countryCode",
        "locality",
        "minimumDepthInMeters",
        "maximumDepthInMeters",
        "decimalLatitude",
        "decimalLongitude",
        "geodeticDatum",
        "coordinateUncertaintyInMeters",
        "coordinatePrecision",
        "footprintWKT",
        "georeferencedBy",
        "georeferencedDate",
        "georeferenceProtocol",
        "georeferenceSources",
        "georeferenceRemarks",
        "identificationID",
        "identificationQualifier",
        "identifiedBy",
        "dateIdentified",
        "identificationReferences",
        "identificationVerificationStatus",
        "identificationRemarks",
        "taxonID",
        "scientificName",
        "kingdom",
        "phylum",
        "class",
        "order",
        "family",
        "genus",
        "taxonRank",
        "vernacularName",
        "basisOfRecord",
        "datasetName",
        "dynamicProperties",
    }
)
"""Terms of the Darwin Core quick reference that an occurrence may have (https://dwc.tdwg.org/terms/)."""


@pytest.fixture(scope="module")
def analysed(seen: Analysed) -> Path:
    write_results(seen.plan, seen.outcome, seen.folder)
    write_findings(seen.plan, seen.outcome, alerts_for(seen.plan, seen.outcome), seen.folder)
    return seen.folder


@pytest.fixture(scope="module")
def exported(analysed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[FormName, Path]:
    """Each form, made by the program."""
    out, made = tmp_path_factory.mktemp("exports"), {}
    for form in FormName:
        done = wideberth("export", analysed, "--as", form.value, "--out", out)
        if form is FormName.RERUN and "install the extra" in done.output:
            continue
        assert done.exit_code == FINE, done.output
        made[form] = Path(done.stdout.strip())
    return made


@pytest.fixture(scope="module")
def boxes(analysed: Path) -> list[tuple[Any, Any]]:
    """Tracks and points that were seen, as the analysis has them."""
    tracks = read_tracks(analysed / "tracks.parquet")
    kept = [track for track in tracks if track.state.value in ("confirmed", "lost")]
    assert len(kept) >= 2
    return [(track, point) for track in kept for point in track.points if point.box is not None]


def test_mot_is_read_by_motmetrics(exported, boxes, seen: Analysed, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported[FormName.MOT]) as packed:
        packed.extractall(tmp_path)
    read = motmetrics.io.loadtxt(str(tmp_path / "tracks.txt"), fmt="mot15-2D")
    numbers = {row["track_id"]: int(row["number"]) for row in csv.DictReader((tmp_path / "tracks.csv").open())}
    frames = {stamp.pts: number for number, stamp in enumerate(frame_times(seen.files.video), start=1)}
    assert len(read) == len(boxes)
    for track, point in boxes:
        row = read.loc[(frames[point.pts], numbers[track.id])]
        left, top, right, bottom = point.box.xyxy_px()
        assert row[["X", "Y", "Width", "Height"]].to_numpy() == pytest.approx(
            [left, top, right - left, bottom - top], abs=0.02
        )
    assert f"seqLength={len(frames)}" in (tmp_path / "seqinfo.ini").read_text()


def test_coco_is_read_by_pycocotools(exported, boxes, seen: Analysed, capsys) -> None:
    read = COCO(str(exported[FormName.COCO]))
    looked_at = sum(span.frames for span in seen.plan.spans)
    assert (len(read.getImgIds()), len(read.getAnnIds())) == (looked_at, len(boxes))
    assert [one["name"] for one in read.loadCats(read.getCatIds())] == ["dolphin", "vessel", "jet_ski", "swimmer"]
    by_place = {(one["track_id"], read.imgs[one["image_id"]]["pts"]): one for one in read.anns.values()}
    for track, point in boxes:
        one = by_place[track.id, point.pts]
        left, top, right, bottom = point.box.xyxy_px()
        assert one["bbox"] == pytest.approx([left, top, right - left, bottom - top], abs=0.02)
        assert one["position"]["ellipse_95_major_m"] >= one["position"]["ellipse_95_minor_m"] > 0
    # The outline has the area it says, by pycocotools' own rasteriser; boxes are some pixels wide.
    largest = max(read.anns.values(), key=lambda one: one["area"])
    assert read.annToMask(largest).sum() == pytest.approx(largest["area"], rel=0.25)
    capsys.readouterr()


def test_yolo_has_a_file_for_every_frame_and_the_corners(exported, boxes, seen: Analysed) -> None:
    with zipfile.ZipFile(exported[FormName.YOLO_OBB]) as packed:
        rows = list(csv.DictReader(io.StringIO(packed.read("frames.csv").decode())))
        labels = {row["pts"]: packed.read(f"labels/train/{row['name']}.txt").decode() for row in rows}
        assert "2: jet_ski" in packed.read("data.yaml").decode()
    assert len(rows) == sum(span.frames for span in seen.plan.spans)
    for track, point in boxes:
        corners = np.array(point.box.corners_px()) / (seen.plan.width_px, seen.plan.height_px)
        lines = [line.split() for line in labels[str(point.pts)].splitlines()]
        close = [line for line in lines if np.allclose(np.array(line[1:], dtype=float), corners.ravel(), atol=2e-6)]
        assert [line[0] for line in close] == [str(["dolphin", "vessel", "jet_ski", "swimmer"].index(track.kind.value))]


def test_tables_are_read_by_duckdb(exported, analysed: Path) -> None:
    csv_file, parquet = exported[FormName.CSV], exported[FormName.PARQUET]
    points = sum(
        len(t.points) for t in read_tracks(analysed / "tracks.parquet") if t.state.value in ("confirmed", "lost")
    )
    for file in (csv_file, parquet):
        rows, worst, placed = duckdb.sql(
            f"select count(*), max(ellipse_95_major_m), count(latitude) from '{file}'"
        ).fetchall()[0]
        assert rows == points
        assert placed > 0
        assert 0 < worst < 1000
    same = "select track_id, pts, round(latitude, 6) from '{}'"
    assert duckdb.sql(f"{same.format(csv_file)} except {same.format(parquet)}").fetchall() == []
    assert pq.read_schema(parquet).metadata[b"analysis_id"]
    columns = duckdb.sql(f"describe select * from '{parquet}'").fetchall()
    assert {"sigma_east_m", "sigma_north_m", "ellipse_95_axis_deg", "frame"} <= {name for name, *_ in columns}


def test_geojson_and_kml_are_read_by_gdal(exported, boxes) -> None:
    about, _, shapes, fields = pyogrio.raw.read(exported[FormName.GEOJSON])
    told = dict(zip(about["fields"], fields, strict=True))
    assert about["crs"] == "EPSG:4326"
    places = told["what"] == "place"
    assert places.sum() >= len(boxes)
    assert (told["ellipse_95_major_m"][places] > 0).all()
    assert len(shapes) == len(told["what"])
    layers = pyogrio.list_layers(exported[FormName.KML])
    assert len(layers) == len({track.id for track, _ in boxes})
    about, _, shapes, fields = pyogrio.raw.read(exported[FormName.KML], layer=layers[0][0])
    told = dict(zip(about["fields"], fields, strict=True))
    assert "ellipse_95_major_m" in told
    assert len(shapes) > 2


def test_darwin_core_is_a_valid_archive(exported, seen: Analysed) -> None:
    assert set(TERMS) <= DARWIN_CORE_TERMS
    with DwCAReader(str(exported[FormName.DARWIN_CORE])) as archive:
        assert archive.descriptor.core.type.endswith("/Occurrence")
        rows = [{key.rsplit("/", 1)[1]: value for key, value in row.data.items()} for row in archive.rows]
    animals = [t for t in seen.outcome.tracks if t.kind.value == "dolphin" and t.state.value in ("confirmed", "lost")]
    assert {row["occurrenceID"].rsplit(":", 1)[1] for row in rows} == {track.id for track in animals}
    for row in rows:
        assert row["basisOfRecord"] == "MachineObservation"
        assert 0 < float(row["coordinateUncertaintyInMeters"]) < 1000
        assert row["geodeticDatum"] == "EPSG:4326"
        assert "/" in row["eventDate"]
        assert row["scientificName"]
        assert json.loads(row["dynamicProperties"])["sightings"] > 0


def test_rerun_finds_its_recording_sound(exported, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("rerun")
    if FormName.RERUN not in exported or not program.is_file():
        pytest.skip("the extra `rerun` is not installed")
    # A home of its own: in its first session the program sends nothing anywhere.
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "PATH": "/usr/bin"}
    for act, told in (("verify", "1 file verified without error"), ("stats", "num_entity_paths")):
        done = subprocess.run(
            [program, "rrd", act, exported[FormName.RERUN]], capture_output=True, text=True, env=home, timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert told in done.stdout + done.stderr


def test_every_export_is_in_the_trail(exported, analysed: Path) -> None:
    noted = [link.entry["details"]["form"] for link in read_trail(analysed) if link.entry["action"] == "export.made"]
    assert set(noted) >= {form.value for form in exported}


def test_an_ellipse_holds_its_error() -> None:
    turned = ellipse_95(Covariance2(east_east=5.0, east_north=4.0, north_north=5.0))
    assert (turned.major_m, turned.minor_m) == pytest.approx((3 * SCALE_95, 1 * SCALE_95))
    assert turned.axis_deg == pytest.approx(45.0)
    assert ellipse_95(Covariance2(east_east=9.0, east_north=0.0, north_north=1.0)).axis_deg == pytest.approx(90.0)
    assert ellipse_95(Covariance2(east_east=1.0, east_north=0.0, north_north=9.0)).axis_deg == pytest.approx(0.0)


def test_what_is_not_finished_is_told(tmp_path: Path) -> None:
    done = wideberth("export", tmp_path, "--as", "mot")
    assert done.exit_code == NOTHING_TO_WORK_ON
    assert "name the folder" in done.output
