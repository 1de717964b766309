"""What `serve` and `worker` hand to processes of their own."""

from functools import partial
from types import SimpleNamespace

from wideberth.render.apart import annotated_apart
from wideberth.wiring import local_stages
from wideberth_gateway.analyses.alone import Alone
from wideberth_gateway.rules.catalogue import packs_with


def test_the_local_ports_can_be_opened_in_another_process(tmp_path):
    assert Alone(partial(local_stages, packs_with(None)), 1.0).possible
    assert Alone(partial(local_stages, packs_with(tmp_path)), 1.0).possible


def test_a_video_whose_process_is_lost_is_left_out(tmp_path, caplog):
    """A file that is no video ends the process that draws on it."""
    broken = tmp_path / "clip.mp4"
    broken.write_bytes(b"no video")
    ended = []
    plan = SimpleNamespace(analysis_id="a", width_px=64, height_px=64, duration_s=1.0, average_fps=10.0)
    outcome = SimpleNamespace(tracks=(), series=(), segments=(), judgement=SimpleNamespace(encounters=()))
    told = annotated_apart(broken, plan, outcome, tmp_path / "out.mp4", lambda done, total: ended.append((done, total)))
    assert (told, ended) == (None, [(1, 1)])
    assert "a has no annotated video: its process ended with code 1" in caplog.text
