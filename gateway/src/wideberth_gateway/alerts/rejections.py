"""Rejected alerts, and corrected tracks, as rows to learn from: what is not what it was taken for."""

from collections.abc import Iterable, Iterator

from wideberth_contracts.corrections import Clutter, Correction
from wideberth_contracts.judgement import Alert
from wideberth_contracts.reviews import RejectionReason
from wideberth_pipeline.exports.labels import standing

LABELS = {
    RejectionReason.NO_ANIMAL: ("animals", "clutter"),
    RejectionReason.NO_VESSEL: ("craft", "clutter"),
    RejectionReason.SAME_OBJECT_TWICE: ("both", "duplicate"),
}
"""Reasons that say something about the picture, the tracks they are about, and what these are."""


def rejection_rows(alerts: Iterable[Alert]) -> Iterator[dict[str, object]]:
    """One row an alert. `teaches` is false where the reason is not about what was seen."""
    for alert in alerts:
        review = alert.reviews[-1]
        about, label = LABELS.get(review.reason, ("", "")) if review.reason else ("", "")
        craft, animals = [alert.encounter.craft_track], list(alert.encounter.animal_tracks)
        tracks = {"animals": animals, "craft": craft, "both": craft + animals}.get(about, [])
        yield {
            "alert": alert.id,
            "analysis": alert.analysis_id,
            "teaches": bool(tracks),
            "tracks": tracks,
            "label": label or None,
            "reason": review.reason.value if review.reason else None,
            "comment": review.comment,
            "reviewer": review.reviewer,
            "at": review.at.isoformat(),
            "closest_pts": alert.encounter.closest_pts,
            "decisive_pts": list(alert.finding.decisive_pts),
            "model_ids": list(alert.model_ids),
        }


def corrected_rows(corrections: Iterable[Correction]) -> Iterator[dict[str, object]]:
    """One row a track that a person said is no object, and did not take back; as of a rejected alert."""
    for one in standing(corrections):
        if isinstance(one.body, Clutter):
            yield {
                "alert": None,
                "correction": one.id,
                "analysis": one.analysis_id,
                "teaches": True,
                "tracks": [one.body.track],
                "label": "clutter",
                "reason": None,
                "comment": one.why,
                "reviewer": one.actor,
                "at": one.at.isoformat(),
                "closest_pts": one.body.pts,
                "decisive_pts": [one.body.pts],
                "model_ids": [],
            }
