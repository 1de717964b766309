"""Both stores do the same: whole files or none, ranges, errors that say what to do."""

import asyncio
import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from s3_server import new_bucket, s3_server

from wideberth_contracts.errors import BadInput, NotFound, Unavailable
from wideberth_gateway.keeping.places import open_store
from wideberth_gateway.keeping.ranges import span_of
from wideberth_gateway.keeping.s3_store import PART_BYTES, S3Place, S3Store
from wideberth_gateway.keeping.stores import FolderStore, Store
from wideberth_gateway.settings import GatewaySettings

KEY = "analyses/a/segments/00000.parquet"


@pytest.fixture(scope="module")
def server():
    with s3_server() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    return S3Store(new_bucket(request.getfixturevalue("server"), prefix="/one/two/"))


def put(store: Store, tmp_path: Path, content: bytes, key: str = KEY) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)
    store.put(key, source, hashlib.sha256(content).hexdigest())


async def read(store: Store, start: int, stop: int) -> bytes:
    return b"".join([piece async for piece in store.pieces(KEY, start, stop)])


def test_what_is_put_comes_back(store, tmp_path):
    content = os.urandom(2 * PART_BYTES + 12345)  # in several parts on S3
    put(store, tmp_path, content)
    store.fetch(KEY, tmp_path / "there" / "copy")
    assert (tmp_path / "there" / "copy").read_bytes() == content
    found = store.find(KEY)
    assert (found.key, found.size_bytes) == (KEY, len(content))
    for start, stop in ((0, 1), (0, len(content)), (PART_BYTES - 3, PART_BYTES + 5), (5, 5)):
        assert asyncio.run(read(store, start, stop)) == content[start:stop]


def test_a_file_put_again_has_another_tag(store, tmp_path):
    put(store, tmp_path, b"one")
    before = store.find(KEY).tag
    put(store, tmp_path, b"two")
    assert store.find(KEY).tag != before
    assert store.read(KEY) == b"two"
    assert [stored.tag for stored in store.listed("analyses/a/")] == [store.find(KEY).tag]


def test_files_are_listed_by_prefix_in_order(store, tmp_path):
    for key in ("b/2", "b/10", "a/1", "bb/1"):
        store.put_bytes(key, b"x")
    assert [stored.key for stored in store.listed("b/")] == ["b/10", "b/2"]
    store.delete("b/10")
    store.delete("b/10")
    assert [stored.key for stored in store.listed("b/")] == ["b/2"]
    assert list(store.listed("c/")) == []


def test_what_is_not_there_is_said_to_be_so(store, tmp_path):
    assert store.find(KEY) is None
    with pytest.raises(NotFound, match="no such file"):
        store.read(KEY)
    with pytest.raises(NotFound):
        store.fetch(KEY, tmp_path / "copy")
    with pytest.raises(NotFound):
        asyncio.run(read(store, 0, 1))
    assert list(tmp_path.glob("*copy*")) == []


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a//b", "a/../b", "a\\b", ""])
def test_no_key_leaves_the_folder(tmp_path, key):
    with pytest.raises(BadInput):
        FolderStore(tmp_path).path(key)


def test_a_copy_altered_in_the_store_is_not_taken(server, tmp_path):
    store = S3Store(new_bucket(server))
    (tmp_path / "altered").write_bytes(b"as it is!")
    store.put(KEY, tmp_path / "altered", hashlib.sha256(b"as it was").hexdigest())
    with pytest.raises(Unavailable, match="not what was put"):
        store.fetch(KEY, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_store_that_is_away_is_said_to_be(tmp_path, monkeypatch):
    monkeypatch.setattr("wideberth_gateway.keeping.s3_store.RETRY_FOR", timedelta(milliseconds=1))
    store = S3Store(S3Place("b", endpoint="http://127.0.0.1:9", access_key="a", secret_key="b"))
    with pytest.raises(Unavailable, match="object store"):
        store.read(KEY)


def test_the_place_comes_from_the_settings(tmp_path):
    assert open_store(GatewaySettings(data_dir=tmp_path)).root == tmp_path
    assert open_store(GatewaySettings(files_url="file:///srv/wide%20berth")).root == Path("/srv/wide berth")
    s3 = GatewaySettings(
        files_url="s3://bucket/pre/fix", files_endpoint="http://x:1", files_access_key="a", files_secret_key="s"
    )
    assert isinstance(open_store(s3), S3Store)
    assert "files_secret_key=SecretStr('**********')" in repr(s3)
    with pytest.raises(BadInput, match="AccessKeyId"):
        open_store(s3.model_copy(update={"files_access_key": None}))
    for url in ("ftp://x", "s3://", "file://host/x", "bucket"):
        with pytest.raises(BadInput, match="no place"):
            open_store(GatewaySettings(files_url=url))


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-", (2, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-30", (0, 10)),
        ("bytes=5-99", (5, 10)),
        ("bytes=10-", None),
        ("bytes=7-3", None),
        ("bytes=-0", None),
        ("bytes=0-1,3-4", (0, 10)),
        ("bytes=-", (0, 10)),
        ("lines=1-2", (0, 10)),
    ],
)
def test_ranges(asked, span):
    assert span_of(asked, 10) == span
