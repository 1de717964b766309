"""What the gateway says of itself, kept beside the page: the types of the page are made from it.

`python -m wideberth.openapi` writes it; a test holds that the kept one is the gateway's.
"""

import json
import sys
import tempfile
from pathlib import Path

from wideberth.wiring import local_stages
from wideberth_gateway.app import create_gateway
from wideberth_gateway.settings import GatewaySettings

KEPT = Path(__file__).resolve().parents[2] / "web" / "openapi.json"


def openapi_text() -> str:
    """The gateway's OpenAPI as JSON text, sorted, so that changes show line by line."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_gateway(local_stages, GatewaySettings(data_dir=Path(folder)))
        described = app.openapi()
    described["info"]["version"] = "as installed"  # a release alone changes no type
    return json.dumps(described, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    """Write it where the page looks for it."""
    KEPT.write_text(openapi_text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
