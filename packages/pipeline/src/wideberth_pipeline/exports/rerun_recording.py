"""A recording for the Rerun viewer: boxes in the picture, places and error ellipses on the map, separations as curves.

Needs the extra `rerun`. The video itself is not in it: it would be copied whole.
"""

from pathlib import Path
from typing import Any

from wideberth_contracts.errors import BadInput
from wideberth_contracts.positions import Position
from wideberth_contracts.tracks import Track, TrackPoint
from wideberth_pipeline.exports.material import Material
from wideberth_pipeline.exports.places import ellipse_95, ring_of, whole_error

APPLICATION = "wideberth"


def rerun_is_there() -> bool:
    """Whether the extra is installed."""
    try:
        import rerun  # noqa: F401
    except ImportError:
        return False
    return True


def write_rerun(material: Material, target: Path) -> None:
    """Timelines: `t_s` from the clip's first frame, and `frame`, its number in the video.

    Raises:
        BadInput: the extra is not installed.
    """
    try:
        import rerun
    except ImportError as error:
        raise BadInput(
            "Rerun recordings need rerun-sdk", where="rerun", remedy="install the extra: wideberth[rerun]"
        ) from error
    recording: Any = rerun.RecordingStream(APPLICATION, recording_id=material.plan.analysis_id)
    recording.save(str(target))
    for track in material.tracks:
        for point in track.points:
            recording.set_time("t_s", duration=point.t_s)
            recording.set_time("frame", sequence=material.frames.number(point.pts))
            _point(rerun, recording, track, point)
    for series in material.series:
        for sample in series.samples:
            recording.set_time("t_s", duration=sample.t_s)
            recording.set_time("frame", sequence=material.frames.number(sample.pts))
            apart = sample.separation
            values = [apart.value_m, apart.interval_95_m.low, apart.interval_95_m.high]
            recording.log(f"separation_m/{series.craft_track}", rerun.Scalars(values))
    recording.flush()
    recording.disconnect()


def _point(rerun: Any, recording: Any, track: Track, point: TrackPoint) -> None:
    if point.box is not None:
        corners = [*point.box.corners_px(), point.box.corners_px()[0]]
        recording.log(f"picture/{track.id}", rerun.LineStrips2D([corners], labels=[f"{track.id} {track.kind.value}"]))
    place = point.position
    if not isinstance(place, Position) or place.latitude is None or place.longitude is None:
        return
    ring = [(lat, lon) for lon, lat in ring_of(place.longitude, place.latitude, ellipse_95(whole_error(place)))]
    recording.log(f"map/{track.id}", rerun.GeoPoints(lat_lon=[(place.latitude, place.longitude)]))
    recording.log(f"map/{track.id}/error_95", rerun.GeoLineStrings(lat_lon=[ring]))
