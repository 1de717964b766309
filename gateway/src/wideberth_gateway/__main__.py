"""`python -m wideberth_gateway`: the gateway with its services over HTTP; `… password NAME`, `… key NAME ROLE`."""

import sys
from functools import partial

from wideberth_contracts.errors import WideberthError
from wideberth_gateway.settings import GatewaySettings
from wideberth_servicekit.settings import read_settings


def main() -> int:
    """Exit code 0, or 1 with one line on what is wrong."""
    try:
        settings = read_settings(GatewaySettings)
        if sys.argv[1:2] and sys.argv[1] in ("password", "key"):
            from wideberth_gateway.access.owner import own

            own(sys.argv[1:], settings)
            return 0
        # Only now what takes seconds to import: a mistyped setting is told at once.
        from wideberth_gateway.app import create_gateway
        from wideberth_gateway.remote import http_stages
        from wideberth_gateway.serving import serve

        serve(create_gateway(partial(http_stages, settings), settings, page=settings.page_dir), settings)
    except WideberthError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
