"""Run the gateway until stopped."""

import ipaddress
import logging

import uvicorn
from fastapi import FastAPI

from wideberth_gateway.settings import GatewaySettings
from wideberth_servicekit.logs import set_up_logs

GOODBYE_S = 3
"""Open streams of alerts never end by themselves; after this they are cut, and clients come back by their last id."""

PATH_AT = 2
"""Place of the path among what uvicorn logs of a request: address, method, path, version, status."""

_log = logging.getLogger("wideberth.gateway")


def serve(app: FastAPI, settings: GatewaySettings) -> None:
    """Serve on the settings' address. Says so when other machines can reach it."""
    set_up_logs(settings.log_level, settings.log_format)
    if settings.access == "open" and not is_loopback(settings.host):
        _log.warning("listening on %s: other machines can reach the gateway, and its access is open", settings.host)
    logging.getLogger("uvicorn.access").addFilter(without_secrets)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        log_config=None,
        timeout_graceful_shutdown=GOODBYE_S,
    )


def without_secrets(record: logging.LogRecord) -> bool:
    """A filter of the log of requests: what comes back from an OpenID provider has its code in the address."""
    arguments = record.args
    if isinstance(arguments, tuple) and len(arguments) > PATH_AT:
        path, asked, _ = str(arguments[PATH_AT]).partition("?")
        if asked and path.startswith("/v1/session"):
            record.args = (*arguments[:PATH_AT], f"{path}?…", *arguments[PATH_AT + 1 :])
    return True


def is_loopback(host: str) -> bool:
    """True for an address that only this machine can reach."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
