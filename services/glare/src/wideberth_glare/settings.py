"""Settings of the service, from variables `WIDEBERTH_GLARE_…`."""

from pydantic_settings import SettingsConfigDict

from wideberth_servicekit.settings import ServiceSettings


class GlareSettings(ServiceSettings):
    """What every service has; the verb's own settings come with each request."""

    model_config = SettingsConfigDict(env_prefix="WIDEBERTH_GLARE_")

    port: int = 8101
