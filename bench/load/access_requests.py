"""Requests that schemathesis makes from an OpenAPI, and what of their answers does not fit it."""

from collections import Counter
from contextlib import suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup

from wideberth_servicekit.parcels import MEDIA_TYPE

UNAVAILABLE = 503
"""Says itself that it passes, and is described; not what is meant by a server error."""
CHECKED = (
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
KNOWN_OF_TEN = 5
TIME_LIMIT_S = 60
Row = dict[str, Any]


@schemathesis.serializer(MEDIA_TYPE)
def parcel(_: Any, value: Any) -> Any:
    """What schemathesis made up, as it is: a service must say what is wrong with it."""
    return bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode()


def explored(
    name: str, url: str, token: str, examples: int, known: dict[str, str], without: tuple[str, ...]
) -> list[Row]:
    """Rows of one application.

    Args:
        name: in the rows.
        url: where it runs.
        token: sent as `Authorization: Bearer`.
        examples: requests of each operation, at most.
        known: values of parameters of paths that are there.
        without: operations that are not asked, `GET /path`.
    """
    headers = {"Authorization": f"Bearer {token}"}
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", headers=headers)
    found, counts = Counter[str](), Counter[str]()
    for result in schema.get_all_operations():
        operation = result.ok()
        label = f"{operation.method.upper()} {operation.path}"
        counts["operations"] += 1
        for mode in GenerationMode if label not in without else ():
            _one(operation.as_strategy(generation_mode=mode), label, headers, examples, known, found, counts)
    errors = {what: count for what, count in found.items() if "ServerError" in what}
    violations = {what: count for what, count in found.items() if what not in errors}
    return [
        _row(f"{name}: operations, requests", f"{counts['operations']}, {counts['requests']}", None, ""),
        _row(f"{name}: server errors", sum(errors.values()), not errors, "; ".join(list(errors)[:3])),
        _row(f"{name}: schema violations", sum(violations.values()), not violations, "; ".join(list(violations)[:3])),
    ]


def _one(
    strategy: Any,
    label: str,
    headers: dict[str, str],
    examples: int,
    known: dict[str, str],
    found: Counter[str],
    counts: Counter[str],
) -> None:
    checks = [not_a_server_error, *CHECKS.get_by_names(list(CHECKED))]

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy, at=st.integers(0, 9))
    def asked(case: Any, at: int) -> None:
        if at < KNOWN_OF_TEN and case.path_parameters:
            there = {name: value for name, value in known.items() if name in case.path_parameters}
            case.path_parameters = {**case.path_parameters, **there}
        counts["requests"] += 1
        answer = case.call(headers=headers, timeout=TIME_LIMIT_S, allow_redirects=False)
        if answer.status_code == UNAVAILABLE:
            return
        try:
            case.validate_response(answer, checks=checks)
        except FailureGroup as group:
            for failure in group.exceptions:
                _note(found, label, failure, answer.status_code)

    with suppress(Unsatisfiable):  # nothing wrong can be made of an operation that takes nothing
        asked()


def _note(found: Counter[str], label: str, failure: BaseException, status: int) -> None:
    told = str(failure).splitlines()[0] if isinstance(failure, Failure) else repr(failure)
    found[f"{label}: {type(failure).__name__} {status} {told[:80]}"] += 1


def _row(name: str, value: int | str, met: bool | None, note: str) -> Row:
    return {"name": name, "value": value, "unit": "", "aim": None if met is None else "0", "met": met, "note": note}
