"""Settings of the service, from variables `WIDEBERTH_ANOMALY_…`."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from wideberth_anomaly.core.network import RuntimeKind
from wideberth_servicekit.settings import ServiceSettings


class AnomalySettings(ServiceSettings):
    """What every service has, and which network runs how.

    Attributes:
        models: the folder with `anomaly/<version>/`; None for `WIDEBERTH_MODELS`, or a search from the package up.
        model_version: None for the newest.
        model_file: a model of one's own instead, exported by anomalib to ONNX.
        threshold: of that model; needed with it, else the card's is taken.
        sure_above: of that model; None for the threshold itself.
        runtime: which library runs it.
        threads: 0 for as many as there are cores.
    """

    model_config = SettingsConfigDict(env_prefix="WIDEBERTH_ANOMALY_", protected_namespaces=())

    port: int = 8105
    models: Path | None = None
    model_version: str | None = None
    model_file: Path | None = None
    threshold: float | None = None
    sure_above: float | None = None
    runtime: RuntimeKind = RuntimeKind.OPENVINO
    threads: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _threshold_goes_with_a_file(self) -> Self:
        if (self.model_file is None) != (self.threshold is None):
            raise ValueError("model_file and threshold go together")
        return self
