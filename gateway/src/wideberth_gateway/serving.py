"""Run the gateway until stopped."""

import ipaddress
import logging

import uvicorn
from fastapi import FastAPI

from wideberth_gateway.settings import GatewaySettings

GOODBYE_S = 3
"""Open streams of alerts never end by themselves; after this they are cut, and clients come back by their last id."""

_log = logging.getLogger("wideberth.gateway")


def serve(app: FastAPI, settings: GatewaySettings) -> None:
    """Serve on the settings' address. Says so when other machines can reach it."""
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Every glyph that goes into a report would be told.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    if not is_loopback(settings.host):
        _log.warning(
            "listening on %s: other machines can reach the gateway, and it has no access control", settings.host
        )
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        timeout_graceful_shutdown=GOODBYE_S,
    )


def is_loopback(host: str) -> bool:
    """True for an address that only this machine can reach."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
