"""Settings of the service, from variables `WIDEBERTH_TRACKER_…`."""

from pydantic_settings import SettingsConfigDict

from wideberth_servicekit.settings import ServiceSettings


class TrackerSettings(ServiceSettings):
    """What every service has; the verb's own settings come with each request."""

    model_config = SettingsConfigDict(env_prefix="WIDEBERTH_TRACKER_")

    port: int = 8104
