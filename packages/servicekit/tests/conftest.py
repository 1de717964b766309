"""A little service for every port: adapters that do real, small work in memory."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """One event loop is enough."""
    return "asyncio"
