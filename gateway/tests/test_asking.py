"""Whatever a client writes into the words of a feed request, it is understood or refused by name."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from wideberth_contracts.errors import BadInput
from wideberth_gateway.alerts.asking import box_of, cursor_of, sequence_of, span_of


@given(sequence=st.integers(0, 2**53))
def test_cursors_come_back(sequence):
    assert sequence_of(cursor_of(sequence)) == sequence


@given(text=st.text(max_size=40))
def test_any_text_is_a_cursor_box_or_span_or_a_named_error(text):
    for read in (sequence_of, box_of, span_of):
        with suppress(BadInput):  # any other error fails the test
            read(text)
