"""RFC 3161 time stamps: an authority that knows nothing of us signs that some bytes existed at a time.

Whatever is to be stamped is queued first. An authority that is away, or that answers nonsense, costs nothing but time:
the request stays as it is and is sent again. What comes back is checked before it is believed: it must be an answer to
this very request, about these very bytes, and, where the authority's root certificate is known, signed under it.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus, TimeStampRequest, TimeStampResponse

from wideberth_contracts.errors import BadInput, Unavailable
from wideberth_gateway.evidence.verify_bag import of_hash

QUERY_TYPE, ANSWER_TYPE = "application/timestamp-query", "application/timestamp-reply"
LONGEST_ANSWER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Authority:
    """A time stamping authority.

    Attributes:
        url: takes requests by HTTP POST (RFC 3161, 3.4).
        roots: PEM file with the root certificates that its signature must lead to; None: signatures are not checked.
        timeout_s: longest wait for an answer.
    """

    url: str
    roots: Path | None = None
    timeout_s: float = 20.0


def query(content: bytes) -> bytes:
    """A request for a stamp on these bytes (DER): SHA-256, a nonce, and the authority's certificate wanted."""
    asked: bytes = _request(content).as_bytes()
    return asked


def ask(authority: Authority, content: bytes) -> bytes:
    """The authority's answer about these bytes, checked.

    Raises:
        Unavailable: it is away, or refuses, or answers with what is no stamp of these bytes.
        BadInput: the file with the root certificates cannot be used.
    """
    roots = _roots(authority)
    request = _request(content)
    try:
        answer = httpx.post(
            authority.url,
            content=request.as_bytes(),
            headers={"Content-Type": QUERY_TYPE, "Accept": ANSWER_TYPE},
            timeout=authority.timeout_s,
        )
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _away(authority, str(error) or type(error).__name__) from error
    if len(answer.content) > LONGEST_ANSWER_BYTES:
        raise _away(authority, "its answer is far too long for a stamp")
    stamp = _decoded(authority, answer.content)
    if stamp.tst_info.nonce != request.nonce:
        raise _away(authority, "its answer is to another request")
    check(answer.content, content, authority, roots)
    return answer.content


def check(
    answer: bytes, content: bytes, authority: Authority, roots: tuple[x509.Certificate, ...] | None = None
) -> datetime:
    """When the authority says these bytes existed, UTC.

    Raises:
        Unavailable: the answer is no granted stamp of these bytes, or not signed under the roots where those are known.
        BadInput: the file with the root certificates cannot be used.
    """
    stamp = _decoded(authority, answer)
    if not of_hash(answer, hashlib.sha256(content).digest()):
        raise _away(authority, "its answer is about other bytes")
    known = _roots(authority) if roots is None else roots
    if known:
        builder = VerifierBuilder()
        for root in known:
            builder = builder.add_root_certificate(root)
        try:
            builder.build().verify_message(stamp, content)
        except VerificationError as error:
            raise _away(authority, f"its signature does not hold: {error}") from error
    moment: datetime = stamp.tst_info.gen_time
    return moment.astimezone(UTC)


def _request(content: bytes) -> TimeStampRequest:
    builder = TimestampRequestBuilder(data=content, hash_algorithm=HashAlgorithm.SHA256, nonce=True, cert_req=True)
    return builder.build()


def _decoded(authority: Authority, answer: bytes) -> TimeStampResponse:
    try:
        stamp = decode_timestamp_response(answer)
        if PKIStatus(stamp.status) is not PKIStatus.GRANTED:
            raise _away(authority, f"it refuses: {', '.join(stamp.status_string) or stamp.status}")
    except ValueError as error:
        raise _away(authority, "its answer is no RFC 3161 response") from error
    return stamp


def _roots(authority: Authority) -> tuple[x509.Certificate, ...]:
    if authority.roots is None:
        return ()
    try:
        return tuple(x509.load_pem_x509_certificates(authority.roots.read_bytes()))
    except (OSError, ValueError) as error:
        remedy = "give a PEM file with the root certificate of the authority"
        raise BadInput(f"no certificates can be read: {error}", where=str(authority.roots), remedy=remedy) from error


def _away(authority: Authority, detail: str) -> Unavailable:
    return Unavailable(detail, where=authority.url, remedy="the request is kept and sent again", retry_after_s=300.0)
