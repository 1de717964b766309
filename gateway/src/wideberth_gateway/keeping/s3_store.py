"""The store on S3, through obstore. A file is said to be there once the server has it under the tag it gave."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore import exceptions as faults
from obstore.store import S3Store as Bucket

from wideberth_contracts.errors import BadInput, NotFound, Unavailable
from wideberth_gateway.keeping.stores import PIECE_BYTES, Stored
from wideberth_pipeline.durable import write_whole

if TYPE_CHECKING:
    from obstore import GetResult, ObjectMeta

HASH_ATTRIBUTE = "sha256"
PART_BYTES = 16 << 20
RETRY_FOR = timedelta(seconds=20)
AWAY_S = 5.0
"""After this long a store that is away is worth asking again."""


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where the bucket is. Keys that are None come from the environment, as the AWS tools take them."""

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = "us-east-1"
    access_key: str | None = None
    secret_key: str | None = None


class S3Store:
    """See `stores.Store`; everything lies below the place's prefix."""

    def __init__(self, place: S3Place) -> None:
        self.place = f"s3://{place.bucket}/{place.prefix.strip('/')} at {place.endpoint or place.region}"
        self._prefix = f"{place.prefix.strip('/')}/" if place.prefix.strip("/") else ""
        given = {"endpoint": place.endpoint, "access_key_id": place.access_key, "secret_access_key": place.secret_key}
        try:
            self._bucket = Bucket(
                place.bucket,
                region=place.region,
                virtual_hosted_style_request=False,
                client_options={"allow_http": bool(place.endpoint and place.endpoint.startswith("http://"))},
                retry_config={"max_retries": 5, "retry_timeout": RETRY_FOR},
                **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
            )
        except faults.BaseError as error:
            reason = str(error).splitlines()[0]
            remedy = "set WIDEBERTH_GATEWAY_FILES_ACCESS_KEY and …_SECRET_KEY, both or neither"
            raise BadInput(reason, where="files_url", remedy=remedy) from error

    def put(self, key: str, path: Path, sha256: str) -> None:
        """See `Store`. What arrived is compared with what was sent by size and by the tag the server gave."""
        size = path.stat().st_size
        with _told(key):
            with path.open("rb") as file:
                result = obstore.put(
                    self._bucket, self._prefix + key, file, attributes={HASH_ATTRIBUTE: sha256}, chunk_size=PART_BYTES
                )
            there = obstore.head(self._bucket, self._prefix + key)
        if there["size"] != size or there["e_tag"] != result["e_tag"]:
            raise Unavailable("what arrived is not what was sent", where=key, retry_after_s=AWAY_S)

    def put_bytes(self, key: str, content: bytes) -> None:
        """See `Store`."""
        with _told(key):
            attributes = {HASH_ATTRIBUTE: hashlib.sha256(content).hexdigest()}
            obstore.put(self._bucket, self._prefix + key, content, attributes=attributes)

    def fetch(self, key: str, target: Path) -> None:
        """See `Store`; hashed on the way in, and refused where the hash is not the one it was put with.

        Raises:
            Unavailable: the store is away, or what came is not what was put.
        """
        write_whole(target, lambda partial: self._fetch(key, partial))

    def read(self, key: str) -> bytes:
        """See `Store`."""
        with _told(key):
            return bytes(obstore.get(self._bucket, self._prefix + key).bytes())

    def find(self, key: str) -> Stored | None:
        """See `Store`."""
        try:
            with _told(key):
                found = obstore.get(self._bucket, self._prefix + key, options={"head": True})
        except NotFound:
            return None
        return self._stored(found.meta, found.attributes.get(HASH_ATTRIBUTE))

    def digest(self, key: str) -> str:
        """See `Store`."""
        digest = hashlib.sha256()
        with _told(key):
            for piece in obstore.get(self._bucket, self._prefix + key).stream(min_chunk_size=PIECE_BYTES):
                digest.update(piece)
        return digest.hexdigest()

    def listed(self, prefix: str) -> Iterator[Stored]:
        """See `Store`."""
        with _told(prefix):
            metas = [meta for page in obstore.list(self._bucket, self._prefix + prefix) for meta in page]
        yield from sorted((self._stored(meta) for meta in metas), key=lambda stored: stored.key)

    def delete(self, key: str) -> None:
        """See `Store`."""
        with _told(key):
            obstore.delete(self._bucket, self._prefix + key)

    async def pieces(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """See `Store`; one request for the whole span."""
        if stop <= start:
            return
        with _told(key):
            found = await obstore.get_async(self._bucket, self._prefix + key, options={"range": (start, stop)})
            async for piece in found.stream(min_chunk_size=PIECE_BYTES):
                yield bytes(piece)

    def _fetch(self, key: str, partial: Path) -> None:
        digest, size = hashlib.sha256(), 0
        with _told(key), partial.open("wb") as file:
            found: GetResult = obstore.get(self._bucket, self._prefix + key)
            for piece in found.stream(min_chunk_size=PIECE_BYTES):
                digest.update(piece)
                size += file.write(piece)
        expected = found.attributes.get(HASH_ATTRIBUTE)
        if size != found.meta["size"] or (expected is not None and digest.hexdigest() != expected):
            detail = "what came is not what was put: its SHA-256 differs"
            raise Unavailable(detail, where=key, remedy="restore it from a backup", retry_after_s=AWAY_S)

    def _stored(self, meta: "ObjectMeta", sha256: str | None = None) -> Stored:
        return Stored(meta["path"].removeprefix(self._prefix), meta["size"], sha256, meta["e_tag"])


@contextmanager
def _told(key: str) -> Iterator[None]:
    """What the store says, in the house's errors."""
    try:
        yield
    except (faults.NotFoundError, FileNotFoundError) as error:
        raise NotFound("the store has no such file", where=key) from error
    except (faults.PermissionDeniedError, faults.UnauthenticatedError) as error:
        remedy = "check WIDEBERTH_GATEWAY_FILES_ACCESS_KEY and …_SECRET_KEY"
        raise BadInput("the store refuses these keys", where="files_url", remedy=remedy) from error
    except faults.BaseError as error:
        reason = str(error).splitlines()[0][:200]
        remedy = "see that it runs and that WIDEBERTH_GATEWAY_FILES_ENDPOINT is right"
        raise Unavailable(f"the object store: {reason}", where=key, remedy=remedy, retry_after_s=AWAY_S) from error
