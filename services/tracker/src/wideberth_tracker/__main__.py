"""`python -m wideberth_tracker`: the service, until stopped."""

import sys

from wideberth_contracts.errors import BadInput
from wideberth_servicekit.service import serve
from wideberth_servicekit.settings import read_settings
from wideberth_tracker.app import create_tracker_app
from wideberth_tracker.settings import TrackerSettings


def main() -> int:
    """Exit code 0 after a normal stop, 1 for settings that do not fit."""
    try:
        settings = read_settings(TrackerSettings)
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 1
    serve(create_tracker_app(settings), settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
