"""Errors keep their class, place and remedy across the wire."""

import pytest

from wideberth_contracts.errors import ERRORS, InternalFault, Problem, WideberthError, error_from_problem


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_round_trip(kind: type[WideberthError]) -> None:
    raised = kind("no moov atom", where="DJI_0119.MP4", remedy="copy the file again", retry_after_s=2.0)
    back = error_from_problem(Problem.model_validate_json(raised.problem(400).model_dump_json()))
    assert type(back) is kind
    assert str(back) == str(raised) == "DJI_0119.MP4: no moov atom (copy the file again)"
    assert back.retry_after_s == 2.0


def test_codes_are_distinct() -> None:
    assert len({kind.code for kind in ERRORS}) == len(ERRORS)


def test_a_foreign_problem_is_an_internal_fault() -> None:
    problem = Problem(type="about:blank", title="x", status=502, detail="bad gateway")
    assert type(error_from_problem(problem)) is InternalFault
