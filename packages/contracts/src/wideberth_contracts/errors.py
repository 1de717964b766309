"""Errors of the domain. They know no HTTP; the edge holds the table of status codes.

WideberthError
├── BadInput                 the request or file cannot be understood
│   ├── UnreadableVideo      not a video, no moov atom, zero bytes …
│   ├── UnreadableTelemetry  no dialect fits, or nothing in it
│   ├── UnreadableImage
│   ├── BadScene             a simulator scene that does not validate
│   ├── BadRulePack
│   └── TooLarge
├── NotSignedIn              no key, or one that is not valid
├── NotAllowed               a valid key that may not do this
├── NotFound
├── Conflict
├── Unavailable              try again (carries `retry_after_s`)
│   ├── Busy
│   ├── BrokeOff           it broke off in the middle of the work, or did not end in time
│   └── ModelUnavailable     weights missing or of the wrong hash
└── InternalFault            our own fault; the report says where
"""

from typing import ClassVar

from wideberth_contracts.phrases import Phrase
from wideberth_contracts.wire import NonNegative, Wire

TYPE_PREFIX = "urn:wideberth:error:"


class Problem(Wire):
    """The body of an error on the wire, RFC 9457, with Wideberth's `where` and `remedy`.

    Attributes:
        korean: what is wrong and what to do, for people who read Korean; the gateway says it, services do not.
    """

    type: str
    title: str
    status: int
    detail: str
    where: str | None = None
    remedy: str | None = None
    retry_after_s: NonNegative | None = None
    korean: str | None = None


class WideberthError(Exception):
    """An error a person can act on.

    Args:
        detail: one line, what is wrong.
        where: the file and the place in it.
        remedy: what to do about it.
        retry_after_s: for errors that pass by themselves.
        said: detail and remedy as data, where they are said in further languages.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self,
        detail: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        retry_after_s: float | None = None,
        said: Phrase | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.where = where
        self.remedy = remedy
        self.retry_after_s = retry_after_s
        self.said = said

    def __str__(self) -> str:
        """One line: place, what is wrong, remedy."""
        place = f"{self.where}: " if self.where else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{place}{self.detail}{remedy}"

    def problem(self, status: int) -> Problem:
        """The RFC 9457 form of this error."""
        return Problem(
            type=TYPE_PREFIX + self.code,
            title=self.title,
            status=status,
            detail=self.detail,
            where=self.where,
            remedy=self.remedy,
            retry_after_s=self.retry_after_s,
        )


class BadInput(WideberthError):
    """The request or the file cannot be used as it is."""

    code = "bad-input"
    title = "The input cannot be used"


class UnreadableVideo(BadInput):
    """The file is no video that can be decoded."""

    code = "unreadable-video"
    title = "The video cannot be read"


class UnreadableTelemetry(BadInput):
    """No known telemetry dialect fits the file, or it holds nothing."""

    code = "unreadable-telemetry"
    title = "The telemetry cannot be read"


class UnreadableImage(BadInput):
    """The bytes are no image that can be decoded."""

    code = "unreadable-image"
    title = "The image cannot be read"


class BadScene(BadInput):
    """A simulator scene does not validate."""

    code = "bad-scene"
    title = "The scene cannot be used"


class BadRulePack(BadInput):
    """A rule pack does not validate, or is unknown."""

    code = "bad-rule-pack"
    title = "The rule pack cannot be used"


class TooLarge(BadInput):
    """The request body is above the limit."""

    code = "too-large"
    title = "Too large"


class NotSignedIn(WideberthError):
    """No key was given, or one that is unknown or revoked."""

    code = "not-signed-in"
    title = "Sign in"


class NotAllowed(WideberthError):
    """The key is valid and may not do this."""

    code = "not-allowed"
    title = "Not allowed"


class NotFound(WideberthError):
    """Nothing of that name is here."""

    code = "not-found"
    title = "Not found"


class Conflict(WideberthError):
    """The state does not allow this now."""

    code = "conflict"
    title = "Conflict"


class Unavailable(WideberthError):
    """The part is not to be had now; try again."""

    code = "unavailable"
    title = "Not available"


class Busy(Unavailable):
    """Too much work is queued; try again after `retry_after_s`."""

    code = "busy"
    title = "Busy"


class BrokeOff(Unavailable):
    """The part had begun on this very work and broke off, or did not end in time. Three times is the work's fault."""

    code = "broke-off"
    title = "Broke off"


class ModelUnavailable(Unavailable):
    """The weights are missing or do not match their checksum."""

    code = "model-unavailable"
    title = "The model is not available"


class InternalFault(WideberthError):
    """A fault of the software."""

    code = "internal"
    title = "Internal fault"


ERRORS: tuple[type[WideberthError], ...] = (
    BadInput,
    UnreadableVideo,
    UnreadableTelemetry,
    UnreadableImage,
    BadScene,
    BadRulePack,
    TooLarge,
    NotSignedIn,
    NotAllowed,
    NotFound,
    Conflict,
    Unavailable,
    Busy,
    BrokeOff,
    ModelUnavailable,
    InternalFault,
)


def error_from_problem(problem: Problem) -> WideberthError:
    """The same error the other side raised; `InternalFault` for a type that is not ours."""
    code = problem.type.removeprefix(TYPE_PREFIX)
    kind = next((error for error in ERRORS if error.code == code), InternalFault)
    return kind(problem.detail, where=problem.where, remedy=problem.remedy, retry_after_s=problem.retry_after_s)
