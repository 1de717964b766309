"""A gateway with the built page, in a thread of the test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from gateway_process import free_port
from watching import Served

from wideberth_gateway.app import create_gateway
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.working import StagesFactory
from wideberth_web import bundle


@contextmanager
def serving(stages: StagesFactory, data_dir: Path, **made_with: Any) -> Iterator[Served]:
    """The gateway while it runs; `made_with` goes to `create_gateway`."""
    port = free_port()
    settings = GatewaySettings(data_dir=data_dir, job_poll_s=0.1, port=port, receivers_on_private_addresses=True)
    app = create_gateway(stages, settings, page=bundle(), **made_with)
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the gateway did not start"
    yield Served(f"http://127.0.0.1:{port}", app.state.engine, settings.data_dir)
    server.should_exit = True
    thread.join(timeout=30)
