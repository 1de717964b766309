"""The forms an analysis can be exported in, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wideberth_pipeline.durable import write_whole
from wideberth_pipeline.exports.coco import write_coco
from wideberth_pipeline.exports.darwin_core import write_darwin_core
from wideberth_pipeline.exports.geojson import write_geojson
from wideberth_pipeline.exports.kml import write_kml
from wideberth_pipeline.exports.material import material_of
from wideberth_pipeline.exports.mot import write_mot
from wideberth_pipeline.exports.rerun_recording import rerun_is_there, write_rerun
from wideberth_pipeline.exports.tables import write_csv, write_parquet
from wideberth_pipeline.exports.yolo import write_yolo


class FormName(StrEnum):
    """What can be asked for."""

    MOT = "mot"
    COCO = "coco"
    YOLO_OBB = "yolo-obb"
    CSV = "csv"
    PARQUET = "parquet"
    GEOJSON = "geojson"
    KML = "kml"
    DARWIN_CORE = "darwin-core"
    RERUN = "rerun"


@dataclass(frozen=True, slots=True)
class Form:
    """A form of export.

    Attributes:
        ending: of the file's name, with its dots.
        holds_errors: whether the form has a place for how wrong a position may be.
        there: whether this installation can make it.
    """

    name: FormName
    ending: str
    media_type: str
    holds_errors: bool
    write: Callable[..., None]
    there: Callable[[], bool] = lambda: True


FORMS = {
    form.name: form
    for form in (
        Form(FormName.MOT, ".mot.zip", "application/zip", False, write_mot),
        Form(FormName.COCO, ".coco.json", "application/json", True, write_coco),
        Form(FormName.YOLO_OBB, ".yolo-obb.zip", "application/zip", False, write_yolo),
        Form(FormName.CSV, ".csv", "text/csv; charset=utf-8", True, write_csv),
        Form(FormName.PARQUET, ".parquet", "application/vnd.apache.parquet", True, write_parquet),
        Form(FormName.GEOJSON, ".geojson", "application/geo+json", True, write_geojson),
        Form(FormName.KML, ".kml", "application/vnd.google-earth.kml+xml", True, write_kml),
        Form(FormName.DARWIN_CORE, ".dwca.zip", "application/zip", True, write_darwin_core),
        Form(FormName.RERUN, ".rrd", "application/octet-stream", True, write_rerun, rerun_is_there),
    )
}


def export(folder: Path, video: Path, name: FormName, target: Path, *, rejected: bool = False) -> None:
    """Write one form of the analysis in `folder`; `target` is whole, or as it was.

    Args:
        video: the clip; only read where the folder holds no list of its frames.
        rejected: rejected and tentative tracks too; never in Darwin Core.

    Raises:
        Conflict: the analysis is not finished.
        BadInput: this installation cannot make that form.
    """
    material = material_of(folder, video, rejected=rejected)
    write_whole(target, lambda partial: FORMS[name].write(material, partial))


def export_name(video_name: str, name: FormName) -> str:
    """A file name for an export of a clip."""
    return f"{Path(video_name).stem}{FORMS[name].ending}"
