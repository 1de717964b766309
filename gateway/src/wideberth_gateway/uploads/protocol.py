"""What tus 1.0 headers say (tus.io/protocols/resumable-upload, version 1.0.0). Knows no web framework and no files."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wideberth_contracts.errors import BadInput

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,termination,expiration"
ALGORITHMS = ("sha256", "sha1")
OFFSET_TYPE = "application/offset+octet-stream"
METADATA_LIMIT = 8192
KEY = re.compile(r"[^\s,]+")
SHA256 = re.compile(r"[0-9a-fA-F]{64}")
NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Checksum:
    """Of one request's body."""

    algorithm: str
    digest: bytes

    def begin(self) -> Any:
        """A fresh hash of that kind."""
        return hashlib.new(self.algorithm)


def number(text: str | None, header: str) -> int:
    """A length or an offset, bytes.

    Raises:
        BadInput: the header is missing, or no whole number.
    """
    if text is None or not NUMBER.fullmatch(text.strip()):
        raise BadInput(f"{header} is missing or no number of bytes", where=header, remedy="send a whole number")
    return int(text)


def metadata(text: str | None) -> Mapping[str, str]:
    """Keys and values of `Upload-Metadata`: pairs apart by commas, each a key and its value in base64.

    Raises:
        BadInput: a pair cannot be read, or a key comes twice.
    """
    found: dict[str, str] = {}
    if text is not None and len(text) > METADATA_LIMIT:
        raise BadInput(f"longer than {METADATA_LIMIT} characters", where="Upload-Metadata", remedy="send less")
    for pair in (text or "").split(","):
        if not pair.strip():
            continue
        key, _, value = pair.strip().partition(" ")
        if not KEY.fullmatch(key) or key in found:
            raise BadInput(f"the key {key!r} comes twice or is none", where="Upload-Metadata", remedy="see tus.io")
        found[key] = _decoded(value.strip(), key)
    return found


def file_name(told: Mapping[str, str]) -> str:
    """The file's name, by either of the keys that clients use."""
    for key in ("filename", "name"):
        if told.get(key):
            return told[key]
    raise BadInput("the file has no name", where="Upload-Metadata", remedy="send `filename` with its name in base64")


def wanted_sha256(told: Mapping[str, str]) -> str | None:
    """The hash the client says the whole file has, in hexadecimal."""
    text = told.get("sha256")
    if text is None:
        return None
    if not SHA256.fullmatch(text):
        raise BadInput("sha256 is no SHA-256 in hexadecimal", where="Upload-Metadata", remedy="leave it out")
    return text.lower()


def checksum(text: str | None) -> Checksum | None:
    """What `Upload-Checksum` says of the body.

    Raises:
        BadInput: another algorithm, or a digest of the wrong length.
    """
    if text is None:
        return None
    algorithm, _, value = text.strip().partition(" ")
    remedy = f"send one of {', '.join(ALGORITHMS)} and its digest in base64"
    if algorithm not in ALGORITHMS:
        raise BadInput(f"no support for {algorithm!r}", where="Upload-Checksum", remedy=remedy)
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise BadInput("the digest is no base64", where="Upload-Checksum", remedy=remedy) from error
    if len(digest) != hashlib.new(algorithm).digest_size:
        raise BadInput("the digest has the wrong length", where="Upload-Checksum", remedy=remedy)
    return Checksum(algorithm, digest)


def _decoded(value: str, key: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        where = f"Upload-Metadata, {key}"
        raise BadInput("the value is no UTF-8 text in base64", where=where, remedy="see tus.io") from error
