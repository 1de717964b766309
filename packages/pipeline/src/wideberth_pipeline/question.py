"""What an analysis asks, as a hash: the same question has the same id."""

import hashlib
from collections.abc import Sequence

from wideberth_contracts.settings import AnalysisSettings, ServiceInfo


def question_id(
    video_sha256: str,
    telemetry_sha256: str | None,
    settings: AnalysisSettings,
    services: Sequence[ServiceInfo],
    pack_sha256: str,
) -> str:
    """SHA-256 over the files, the settings, the models of all services and the rule pack."""
    models = sorted(f"{model.id}={model.sha256}" for service in services for model in service.models)
    parts = (video_sha256, telemetry_sha256 or "", settings.model_dump_json(), pack_sha256, *models)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
