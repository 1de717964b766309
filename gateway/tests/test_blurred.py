"""For whom recordings are blurred gets nothing of the recording but the blurred copy; the original stays as it was."""

import base64
import hashlib
import io
import json
import time

import av
import cv2
import numpy as np
import pytest
from gated import gated
from pydantic import ValidationError

from wideberth_gateway.access.policy import POLICY
from wideberth_gateway.access.roles import Role
from wideberth_gateway.settings import GatewaySettings
from wideberth_gateway.store.audit import trail
from wideberth_gateway.store.keys import add_key
from wideberth_gateway.store.proxies import ProxyState, end, find

WIDTH_PX, HEIGHT_PX, FPS = 160, 96, 10
RNG = np.random.default_rng(11)
SEA = cv2.resize(
    RNG.integers(0, 255, (48, 80, 3), dtype=np.uint8), (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_CUBIC
)


def clip() -> bytes:
    """Six seconds of a picture full of detail; the synthetic detector sees a boat near its lower left corner."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        for _ in range(6 * FPS):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(SEA, format="bgr24")))
        container.mux(stream.encode(None))
    return file.getvalue()


def pictures(content: bytes) -> list[np.ndarray]:
    with av.open(io.BytesIO(content)) as container:
        return [frame.to_ndarray(format="bgr24").astype(int) for frame in container.decode(video=0)]


def detail(picture: np.ndarray) -> float:
    """How much a pixel differs from its neighbour."""
    return float(np.abs(np.diff(picture, axis=1)).mean())


BOAT = (slice(86, 94), slice(6, 20))
AWAY = (slice(50, 80), slice(60, 150))


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    with gated(tmp_path_factory.mktemp("blurred"), blur_for=["researcher"]) as made:
        yield made


@pytest.fixture(scope="module")
def done(gate):
    """A finished analysis: its id and the recording."""
    recording = clip()
    params = {"name": "a.mp4", "settings": json.dumps({"segment_s": 2.0})}
    operator = gate.keys[Role.OPERATOR]
    asked = gate.ask("POST", "/v1/analyses", operator, params=params, content=recording).json()
    path, early = f"/v1/analyses/{asked['id']}", None
    while (view := gate.ask("GET", path, operator).json())["state"] not in ("done", "failed"):
        early = early or gate.ask("GET", f"{path}/replay/video", gate.keys[Role.RESEARCHER])
        time.sleep(0.1)
    assert view["state"] == "done", view
    assert early.status_code == 409, early.text
    assert "분석이 끝난 뒤에" in early.json()["korean"]
    return asked["id"], recording


def copy_of(gate, analysis_id: str) -> bytes:
    path, researcher = f"/v1/analyses/{analysis_id}/replay", gate.keys[Role.RESEARCHER]
    deadline = time.monotonic() + 60
    while (told := gate.ask("GET", f"{path}/playable", researcher).json())["state"] != "made":
        assert told["state"] in ("wanted", "making"), told
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return gate.ask("GET", f"{path}/video", researcher).content


def test_a_researcher_gets_the_blurred_copy_and_nothing_else(gate, done) -> None:
    analysis_id, recording = done
    path, researcher = f"/v1/analyses/{analysis_id}", gate.keys[Role.RESEARCHER]
    copy = copy_of(gate, analysis_id)
    assert gate.ask("GET", f"{path}/replay/proxy", researcher).content == copy
    shown, was = pictures(copy), pictures(recording)
    assert len(shown) == len(was)
    for mine, original in zip(shown, was, strict=True):
        assert detail(mine[BOAT]) < 0.3 * detail(original[BOAT])
        assert detail(mine[AWAY]) > 0.7 * detail(original[AWAY])
    told = gate.ask("GET", f"{path}/replay", researcher).json()
    assert (told["blurred"], told["proxy"]["state"]) == (True, "made")
    folder = gate.app.state.folders.analysis(analysis_id)
    (folder / "annotated.mp4").write_bytes(recording)
    sha256 = hashlib.sha256(recording).hexdigest()
    for refused in (
        f"/v1/originals/{sha256}/content",
        f"{path}/results/annotated.mp4",
        f"{path}/results/proxy.mp4",
        f"{path}/corrections/training-set",
    ):
        answer = gate.ask("GET", refused, researcher)
        assert (answer.status_code, answer.json()["remedy"]) == (
            403,
            "play it in the replay, where it is blurred, or ask an administrator",
        )
    names = gate.ask("GET", f"{path}/results", researcher).json()
    assert "annotated.mp4" not in names
    assert {"tracks.parquet", "blurred-whole.mp4", "blurred-whole.json"} <= set(names)
    assert gate.app.state.folders.original(sha256).read_bytes() == recording


def test_one_frame_is_blurred_too(gate, done) -> None:
    analysis_id, _ = done
    copy_of(gate, analysis_id)
    told = gate.ask("GET", f"/v1/analyses/{analysis_id}/replay", gate.keys[Role.REVIEWER]).json()
    path = f"/v1/analyses/{analysis_id}/replay/cleared/{told['frames']['first_pts']}"
    shown = {}
    for role in (Role.RESEARCHER, Role.REVIEWER):
        answer = gate.ask("POST", path, gate.keys[role]).json()
        jpeg = np.frombuffer(base64.b64decode(answer["picture_jpeg"]), np.uint8)
        shown[role] = cv2.imdecode(jpeg, cv2.IMREAD_COLOR).astype(int)
    assert detail(shown[Role.RESEARCHER][BOAT]) < 0.4 * detail(shown[Role.REVIEWER][BOAT])
    assert detail(shown[Role.RESEARCHER][AWAY]) > 0.7 * detail(shown[Role.REVIEWER][AWAY])


def test_others_and_who_is_more_than_a_researcher_see_it_as_it_came(gate, done) -> None:
    analysis_id, recording = done
    both = add_key(gate.app.state.engine, "both", Role.RESEARCHER, Role.REVIEWER)
    for key in (gate.keys[Role.OPERATOR], gate.keys[Role.REGULATOR], both):
        assert gate.ask("GET", f"/v1/analyses/{analysis_id}/replay/video", key).content == recording
        assert gate.ask("GET", f"/v1/analyses/{analysis_id}/replay", key).json()["blurred"] is False


def test_what_was_covered_and_why_is_written_down(gate, done) -> None:
    analysis_id, _ = done
    copy = copy_of(gate, analysis_id)
    path = f"/v1/analyses/{analysis_id}/results/blurred-whole.json"
    note = gate.ask("GET", path, gate.keys[Role.RESEARCHER]).json()
    assert (note["hulls"], note["boxes"]["person"], note["covered_whole"]) == ("whole", 0, [])
    assert note["boxes"]["hull"] == 2 * note["boxes"]["frames"] > 0
    assert "did not detect is not covered" in note["limits"]
    told = [link.entry for link in trail(gate.app.state.engine) if link.entry["action"] == "video.blurred"]
    assert [one["details"]["sha256"] for one in told] == [hashlib.sha256(copy).hexdigest()]


def test_a_copy_that_could_not_be_made_says_why(gate, done) -> None:
    analysis_id, _ = done
    copy_of(gate, analysis_id)
    engine = gate.app.state.engine
    known = find(engine, analysis_id, "blurred-whole")
    end(engine, known, ProxyState.FAILED, "the disk is full")
    refused = gate.ask("GET", f"/v1/analyses/{analysis_id}/replay/video", gate.keys[Role.RESEARCHER])
    end(engine, known, ProxyState.MADE)
    assert (refused.status_code, "the disk is full" in refused.json()["detail"]) == (409, True)


def test_a_text_is_handed_out(gate) -> None:
    for name, status in (("a.SRT", 200), ("a.MP4", 403), ("a", 403)):
        params = {"name": name}
        sent = gate.ask("POST", "/v1/originals", gate.keys[Role.OPERATOR], params=params, content=name.encode()).json()
        assert gate.status("GET", f"/v1/originals/{sent['sha256']}/content", gate.keys[Role.RESEARCHER]) == status


def test_who_judges_is_not_blurred() -> None:
    for role in ("reviewer", "regulator", "administrator"):
        with pytest.raises(ValidationError, match="sees them as they came"):
            GatewaySettings(blur_for=[role])
    evidence = {row for row, rule in POLICY.items() if row.split(" ")[1].startswith("/v1/evidence") and rule.roles}
    assert not any(POLICY[row].roles & {Role.OPERATOR, Role.RESEARCHER} for row in evidence)
