"""Settings of a service, from its environment alone.

No `.env` file: a shared one would carry other services' keys. An unknown variable with the service's prefix is a typo
and stops the start, which pydantic-settings by itself would let pass.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from wideberth_contracts.errors import BadInput
from wideberth_contracts.wire import NonNegative
from wideberth_servicekit.logs import LogFormat

_MIB = 1 << 20


class ServiceSettings(BaseSettings):
    """The settings every service has. A service derives from it with its own prefix and port.

    Example:
        class GlareSettings(ServiceSettings):
            model_config = SettingsConfigDict(env_prefix="WIDEBERTH_GLARE_")
            port: int = 8101

    Attributes:
        host: loopback unless told otherwise; other machines may call only with `service_token`, where one is set.
        max_body_bytes: of one request. The default holds a window of ten raw 4K frames.
        max_in_flight: verbs worked on or waiting at once; more are answered `Busy`.
        verb_limit_s: longest a verb may take; less than its callers wait, so that they are told.
        start_wait_s: how long the start waits for the model and the self-test before it opens the port unready.
        shared_dir: memory volume shared with the callers on this host; None: pixels come in the body only.
        shared_slots, shared_slot_bytes: the ring for answers with pixels; a slot holds a raw 4K frame. Memory is
            taken as slots are first used.
        service_token: shared by the services and whoever asks them; a service that has one refuses calls without it.
        log_format: lines for a person, or one JSON object a line.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8100
    max_body_bytes: Annotated[int, Field(gt=0)] = 256 * _MIB
    max_in_flight: Annotated[int, Field(gt=0)] = 32
    verb_limit_s: Annotated[float, Field(gt=0)] = 100.0
    start_wait_s: NonNegative = 10.0
    shared_dir: Path | None = None
    shared_slots: Annotated[int, Field(gt=0)] = 16
    shared_slot_bytes: Annotated[int, Field(gt=0)] = 32 * _MIB
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: LogFormat = "text"
    service_token: SecretStr | None = None

    @field_validator("service_token", mode="after")
    @classmethod
    def _nothing_is_no_token(cls, given: SecretStr | None) -> SecretStr | None:
        return None if given is None or not given.get_secret_value() else given

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment; nothing else."""
        return init_settings, _StrictEnvironment(settings_cls)


class _StrictEnvironment(EnvSettingsSource):
    """The environment, refusing names with our prefix that are no setting."""

    def __call__(self) -> dict[str, Any]:
        prefix = self.env_prefix.lower()
        if prefix:
            known = {prefix + name for name in self.settings_cls.model_fields}
            unknown = sorted(
                name for name in os.environ if name.lower().startswith(prefix) and name.lower() not in known
            )
            if unknown:
                raise BadInput(
                    f"unknown setting {', '.join(unknown)}",
                    where="environment",
                    remedy="known: " + ", ".join(sorted(name.upper() for name in known)),
                )
        return super().__call__()


Settings = TypeVar("Settings", bound=ServiceSettings)


def read_settings(kind: type[Settings]) -> Settings:
    """The settings of a service from its environment.

    Raises:
        BadInput: an unknown variable, or a value that does not fit; one line, naming the variable.
    """
    try:
        return kind()
    except ValidationError as error:
        prefix = str(kind.model_config.get("env_prefix", ""))
        faults = "; ".join(
            f"{prefix}{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors()
        )
        raise BadInput(faults, where="environment", remedy="correct the variable") from error
