"""What is wrong is told in Korean as well: whole where the sentence is known, by kind where it is not."""

from waiting import in_a_loop

from wideberth_contracts.errors import ERRORS, BadInput
from wideberth_contracts.phrases import phrase
from wideberth_gateway.wording.problems import KINDS, in_korean
from wideberth_gateway.wording.refusals import REFUSALS

UNKNOWN = "0" * 64


def test_every_kind_of_error_has_korean_words() -> None:
    assert {error.code for error in ERRORS} <= set(KINDS)


def test_a_known_sentence_is_told_whole_and_another_keeps_its_english_words() -> None:
    known = BadInput("english", said=phrase("problem.spans_outside", length_s=12.34))
    assert in_korean(known) == REFUSALS["problem.spans_outside"][1].format(length_s=12.34)
    assert in_korean(BadInput("no such thing", remedy="try another")).endswith("영어 원문: no such thing (try another)")


@in_a_loop
async def test_the_gateway_answers_in_korean_too(gateway) -> None:
    async with gateway() as client:
        told = (await client.get(f"/v1/flights/{UNKNOWN}")).json()
        assert (told["detail"], told["korean"]) == ("no flight of that id", "그런 번호의 비행이 없습니다")
        wrong = (await client.post("/v1/flights", json={"files": [], "more": 1})).json()
        assert wrong["korean"] == "body.files: 1개 이상이어야 합니다; body.more: 모르는 항목입니다"
        limit = (await client.get("/v1/flights", params={"limit": 0})).json()
        assert limit["korean"] == "query.limit: 1 이상이어야 합니다"
        assert (await client.get("/v1/nothing")).json()["korean"].startswith("그런 주소가 없습니다")
