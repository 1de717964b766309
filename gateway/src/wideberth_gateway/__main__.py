"""`python -m wideberth_gateway`: the gateway with its services over HTTP; `… worker`: what works on its analyses.

`… password NAME` and `… key NAME ROLE …` are for the owner of the machine.
"""

import sys
from functools import partial

from wideberth_contracts.errors import BadInput, WideberthError
from wideberth_gateway.settings import GatewaySettings
from wideberth_servicekit.settings import read_settings


def main() -> int:
    """Exit code 0, or 1 with one line on what is wrong."""
    try:
        settings = read_settings(GatewaySettings)
        words = sys.argv[1:]
        if words[:1] in (["password"], ["key"]):
            from wideberth_gateway.access.owner import own

            own(words, settings)
            return 0
        if words not in ([], ["worker"]):
            remedy = "give nothing, worker, password NAME, or key NAME ROLE …"
            raise BadInput("nothing is done under that name", where=" ".join(words), remedy=remedy)
        # Only now what takes seconds to import: a mistyped setting is told at once.
        from wideberth_gateway.app import create_gateway
        from wideberth_gateway.remote import http_stages
        from wideberth_gateway.serving import serve

        if words:
            from wideberth_gateway.worker_app import create_worker

            serve(create_worker(partial(http_stages, settings), settings), settings)
            return 0
        serve(create_gateway(partial(http_stages, settings), settings, page=settings.page_dir), settings)
    except WideberthError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
