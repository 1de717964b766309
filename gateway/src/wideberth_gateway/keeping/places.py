"""From settings to a store."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from wideberth_contracts.errors import BadInput
from wideberth_gateway.keeping.stores import FolderStore, Store
from wideberth_gateway.settings import GatewaySettings

REMEDY = "use file:///folder or s3://bucket/prefix, or leave WIDEBERTH_GATEWAY_FILES_URL out"


def open_store(settings: GatewaySettings) -> Store:
    """The store that the settings name; the data folder unless told otherwise.

    Raises:
        BadInput: the URL names neither a folder nor a bucket.
    """
    if settings.files_url is None:
        return FolderStore(settings.data_dir)
    parts = urlsplit(settings.files_url)
    if parts.scheme == "file" and not parts.netloc and parts.path not in ("", "/"):
        return FolderStore(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc and not parts.query:
        # Only now: on one machine nobody needs it.
        from wideberth_gateway.keeping.s3_store import S3Place, S3Store

        secret = settings.files_secret_key
        return S3Store(
            S3Place(
                bucket=parts.netloc,
                prefix=parts.path,
                endpoint=settings.files_endpoint,
                region=settings.files_region,
                access_key=settings.files_access_key,
                secret_key=secret.get_secret_value() if secret else None,
            )
        )
    raise BadInput(f"{settings.files_url!r} is no place for files", where="files_url", remedy=REMEDY)
