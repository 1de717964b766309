"""Settings of the service, from variables `WIDEBERTH_DETECTOR_…`."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wideberth_detector.core.runtime import RuntimeKind
from wideberth_servicekit.settings import ServiceSettings


class DetectorSettings(ServiceSettings):
    """What every service has, and which network runs how.

    Attributes:
        models: the folder with `detector/<version>/`; None for `WIDEBERTH_MODELS`, or a search from the package up.
        model_version: None for the newest.
        model_file: a network of one's own instead: `.onnx`, OpenVINO `.xml`, or `.pt` with the extra `ultralytics`.
        runtime: which library runs it; None for the one that suits the file.
        threads: passes through the network side by side, each on one core; 0 for as many as there are cores.
    """

    model_config = SettingsConfigDict(env_prefix="WIDEBERTH_DETECTOR_", protected_namespaces=())

    port: int = 8102
    models: Path | None = None
    model_version: str | None = None
    model_file: Path | None = None
    runtime: RuntimeKind | None = None
    threads: Annotated[int, Field(ge=0)] = 0
