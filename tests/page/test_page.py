"""The page that was built is the one served, and its types are those of the API it talks to."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from wideberth.openapi import KEPT, openapi_text
from wideberth.wiring import local_stages
from wideberth_contracts.errors import NotFound
from wideberth_gateway.app import create_gateway
from wideberth_gateway.settings import GatewaySettings
from wideberth_web import bundle


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    settings = GatewaySettings(data_dir=tmp_path)
    return TestClient(create_gateway(local_stages, settings, page=bundle()), raise_server_exceptions=False)


@pytest.mark.parametrize("address", ["/", "/alerts", "/alerts/abc", "/replay/0123", "/settings/keys", "/upload"])
def test_every_room_has_the_page(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert '<div id="page">' in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_assets_are_there_and_kept(client: TestClient) -> None:
    named = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', client.get("/").text)
    assert named
    for address in named:
        answer = client.get(f"/{address}")
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("address", "root"),
    [("/", "./"), ("/alerts", "./"), ("/alerts/", "../"), ("/alerts/abc", "../"), ("/settings/rules/kr", "../../")],
)
def test_the_page_is_told_where_its_root_lies(client: TestClient, address: str, root: str) -> None:
    assert f'<head><base href="{root}">' in client.get(address).text


def test_nothing_of_the_page_lies_elsewhere() -> None:
    text = (bundle() / "index.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


@pytest.mark.parametrize("address", ["/nothing", "/assets/none.js", "/assets/../index.html", "/v1/none"])
def test_other_addresses_are_not_the_page(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert '<div id="page">' not in answer.text


def test_a_folder_without_a_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not built"):
        create_gateway(local_stages, GatewaySettings(data_dir=tmp_path), page=tmp_path)


def test_the_page_knows_the_api_as_it_is() -> None:
    assert KEPT.read_text(encoding="utf-8") == openapi_text(), (
        "run `python -m wideberth.openapi`, then `npm run types` in web/"
    )
