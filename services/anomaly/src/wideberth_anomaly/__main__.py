"""`python -m wideberth_anomaly`: the service, until stopped."""

import sys

from wideberth_anomaly.app import create_anomaly_app
from wideberth_anomaly.settings import AnomalySettings
from wideberth_contracts.errors import BadInput
from wideberth_servicekit.service import serve
from wideberth_servicekit.settings import read_settings


def main() -> int:
    """Exit code 0 after a normal stop, 1 for settings that do not fit."""
    try:
        settings = read_settings(AnomalySettings)
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 1
    serve(create_anomaly_app(settings), settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
