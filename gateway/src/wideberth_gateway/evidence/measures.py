"""The numbers of a case that a report shows and no file of the analysis holds as they are."""

from dataclasses import asdict, dataclass
from typing import Any

from wideberth_contracts.wire import Measured
from wideberth_gateway.evidence.case import Case
from wideberth_gateway.evidence.error_budget import Ellipse, ErrorBudget, ellipse_95, error_budget
from wideberth_pipeline.track_table import read_tracks


@dataclass(frozen=True, slots=True)
class Stay:
    """Time of the vessel nearer to an animal than a threshold, in the whole clip; see `separations.Stay`."""

    threshold_m: float
    seconds: float
    surely_s: float
    possibly_s: float


@dataclass(frozen=True, slots=True)
class Measures:
    """Of the vessel of a case; None where it was not measured."""

    budget: ErrorBudget | None
    ellipse: Ellipse | None
    length_m: Measured | None
    stays: tuple[Stay, ...]

    def as_json(self) -> dict[str, Any]:
        """For `calibration/error-budget.json`."""
        return {
            "separation": self.budget.as_json() if self.budget else None,
            "vessel_position_ellipse_95": asdict(self.ellipse) if self.ellipse else None,
        }


def measures_of(case: Case) -> Measures:
    """Read from the tracks and the separations of the analysis.

    Raises:
        BadInput: the tables cannot be read.
    """
    tracks = read_tracks(case.folder / "tracks.parquet", case.span_s)
    alert = case.alert
    sample = next((one for one in case.series.samples if one.pts == alert.closest_pts), None)
    budget = None
    if sample is not None:
        sigma_m = sample.separation.sigma_m
        budget = error_budget(tracks, alert.vessel_track, sample.animal_track, sample.t_s, sigma_m)
    vessel = next((track for track in tracks if track.id == alert.vessel_track), None)
    stays = tuple(
        Stay(one["threshold_m"], one["seconds"], one["surely_s"], one["possibly_s"])
        for one in case.summary.get("stays", ())
        if one["craft_track"] == alert.vessel_track
    )
    ellipse = ellipse_95(tracks, alert.vessel_track, alert.closest_t_s)
    return Measures(budget, ellipse, vessel.length_m if vessel else None, stays)
