"""The grid of samples and the spans partition a clip: no frame lost, none twice."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wideberth_contracts.settings import AnalysisSettings, ChosenSpan
from wideberth_pipeline.plan import _spans, sampled


def test_five_a_second_of_thirty() -> None:
    times = [k / 30 for k in range(61)]
    assert sampled(times, 5.0) == list(range(0, 61, 6))


def test_a_slower_clip_gives_every_frame_once() -> None:
    assert sampled([0.0, 1.0, 2.0, 3.5], 5.0) == [0, 1, 2, 3]


@given(
    st.lists(st.floats(0.005, 0.4), min_size=1, max_size=200),
    st.floats(0.5, 30.0),
    st.floats(0.7, 20.0),
)
def test_spans_partition_the_samples(gaps: list[float], sample_fps: float, segment_s: float) -> None:
    times = [0.0]
    for gap in gaps:
        times.append(times[-1] + gap)
    chosen = sampled(times, sample_fps)
    assert chosen == sorted(set(chosen))
    assert chosen[0] == 0
    spans = _spans(times, AnalysisSettings(sample_fps=sample_fps, segment_s=segment_s))
    assert sum(span.frames for span in spans) == len(chosen)
    assert all(a.stop_s == b.start_s for a, b in pairwise(spans))
    assert spans[-1].stop_s > times[-1]


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0.01, 10)), min_size=1, max_size=6), st.floats(0.7, 20.0))
def test_chosen_spans_partition_the_samples_in_them(chosen: list[tuple[float, float]], segment_s: float) -> None:
    times = [k / 30 for k in range(900)]
    wanted = tuple(ChosenSpan(start_s=start, stop_s=start + long) for start, long in chosen)
    spans = _spans(times, AnalysisSettings(segment_s=segment_s, spans=wanted))
    inside = [t for t in (times[k] for k in sampled(times, 5.0)) if any(s.start_s <= t < s.stop_s for s in wanted)]
    assert sum(span.frames for span in spans) == len(inside)
    assert all(a.stop_s <= b.start_s for a, b in pairwise(spans))
    assert [span.index for span in spans] == list(range(len(spans)))


def test_a_whole_clip_keeps_the_id_it_had_before_there_were_spans() -> None:
    assert "spans" not in AnalysisSettings().model_dump_json()
    chosen = AnalysisSettings(spans=(ChosenSpan(start_s=1.0, stop_s=2.0),))
    assert AnalysisSettings.model_validate_json(chosen.model_dump_json()) == chosen
