"""`python -m wideberth_distance`: run the service."""

import sys

from wideberth_contracts.errors import BadInput
from wideberth_distance.app import create_distance_app
from wideberth_distance.settings import DistanceSettings
from wideberth_servicekit.service import serve
from wideberth_servicekit.settings import read_settings


def main() -> int:
    """Serve until stopped; 1 where the environment cannot be used."""
    try:
        settings = read_settings(DistanceSettings)
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 1
    serve(create_distance_app(settings), settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
