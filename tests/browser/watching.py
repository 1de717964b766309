"""A gateway with its page, and a page that is watched."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy.engine import Engine


@dataclass
class Served:
    """A gateway with its page on loopback."""

    url: str
    engine: Engine
    data_dir: Path


@dataclass
class Watched:
    """A page, and what went wrong on it or left the house."""

    page: Page
    errors: list[str]
    abroad: list[str]
