import { describe, expect, it } from "vitest";
import { reasonIn } from "./reasons";

describe("reasons", () => {
  it.each([
    ["duplicate", "같은 것을 다시 본 상자"],
    ["rejected: looks_like_clutter", "버려짐: 생김새가 물체가 아님"],
    ["rejected: never seen surely 3 in 2 s (at least 0.4 each)", "버려짐: 2 s 안에 3번 확실히 (확신도 0.4 이상) 보인 적이 없음"],
    ["few sure sightings (below 20% at 0.4 or more)", "확실히 보인 때가 적음 (확신도 0.4 이상이 20% 미만)"],
    ["no jet ski is of that length", "그 종류에 없는 길이"],
    ["what a newer version says", "what a newer version says"],
  ])("%s", (stored, korean) => expect(reasonIn("ko", stored)).toBe(korean));
});
