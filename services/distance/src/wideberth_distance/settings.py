"""Settings of the service; geometry itself has none, its constants stand in the core with their sources."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wideberth_servicekit.settings import ServiceSettings


class DistanceSettings(ServiceSettings):
    """Of `WIDEBERTH_DISTANCE_*`. A telemetry file of an hour is about 30 MB."""

    model_config = SettingsConfigDict(env_prefix="WIDEBERTH_DISTANCE_")

    port: Annotated[int, Field(ge=0, le=65535)] = 8103
